//! The poslab page: thin panels over `poslab-core`.
