//! One machine per box on the wire: terminal, PIN pad, NAC, front end, switch, issuer, clearing.
