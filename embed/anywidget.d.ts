// Types of anywidget.js: what an anywidget host asks of a module.

/** What the host gives: the model's values are the element's attributes, and `script`, `moment` and `position`. */
export interface Model {
  get(name: string): any;
  set(name: string, value: any): void;
  save_changes(): void;
  on(name: string, listener: () => void): void;
  off(name: string, listener: () => void): void;
}

declare const widget: {
  /** Puts the element into `el`; what it returns takes it out again. */
  render(cell: { model: Model; el: HTMLElement }): () => void;
};
export default widget;
