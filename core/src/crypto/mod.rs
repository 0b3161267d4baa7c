//! Keys, check values, PIN blocks, MACs, DUKPT, key blocks, card codes and EMV cryptograms; each returns its working.
