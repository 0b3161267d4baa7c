//! What stands around a message: length header, TPDU, application header; and line framing.
