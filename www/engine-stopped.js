// The error of every call to an engine that has panicked. The page shows the panic itself, so callers ignore this
// error.

export class EngineStopped extends Error {}
