//! The closed set of events of a run, and one line of text for each.
