//! The rows that screens draw and the command line prints.
