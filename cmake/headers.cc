// A library has a source; this one is there for the headers that it precompiles.
