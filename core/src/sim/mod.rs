//! The world: clock, queue, links with faults, choosers, scenarios and the checker.
