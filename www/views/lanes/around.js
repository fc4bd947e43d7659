/** Jobs in view before and after the moment on the stage. */
export const AROUND = 12;
