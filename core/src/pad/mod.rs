//! PIN pad wire protocols, both sides, without I/O: ABECS, VISA/VeriFone, EPP.
