// What every call to the engine answers once it has panicked. The page has been told by then, and shows it.

export class EngineStopped extends Error {}
