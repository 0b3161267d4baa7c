//! Messages to bytes and back: dissect (never fails), unpack (strict), pack, detect.
