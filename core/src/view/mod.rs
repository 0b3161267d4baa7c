//! The rows that screens draw and the command line prints.
//!
//! | module | gives |
//! |---|---|
//! | [`address`] | a run as the address of the page, and as a command |
//! | [`books`] | journals, postings, keys and screens at a moment of a run |
//! | [`cable`] | what went between a terminal and its PIN pad, taken apart |
//! | [`clearing`] | positions, postings and reconciliation statements of each cut-off |
//! | [`copy`] | a message in the forms people paste elsewhere |
//! | [`counter`] | the terminal's keypad: from key presses to one complete order |
//! | [`damage`] | who notices a bit that flips past the line's own check, from real runs |
//! | [`decode`] | a decoded message as JSON |
//! | [`diff`] | two messages side by side |
//! | [`explain`] | answers to "what is this?" |
//! | [`findings`] | everything that is wrong, with hints and repairs |
//! | [`export`] | a run as a Mermaid or SVG drawing |
//! | [`exchange`] | a block on a dial line with its handshake, and the flips that its checks miss |
//! | [`mod@format`] | how a value stands on the wire, in words |
//! | [`grid`] | the bytes of a frame in rows, one run per field |
//! | [`hop`] | what each box changed in a message on its way |
//! | [`ladder`] | a run as lanes, arrows and moments |
//! | [`mac`] | the MAC of whole messages: range, check, and the mistake behind a wrong one |
//! | [`machine`] | the state machine of each box, and where it stands |
//! | [`memory`] | what each machine holds at a moment, and what a step changed in it |
//! | [`moral`] | what a counter-example teaches, in a sentence |
//! | [`nac`] | the address label of every frame at the NAC, dead letters included |
//! | [`outline`] | the fields of a message as indented rows |
//! | [`parting`] | two runs side by side from where they part |
//! | [`reached`] | what a run sometimes reached, and where first |
//! | [`readings`] | what the selected bits say in other codings |
//! | [`rework`] | a computation with steps left out |
//! | [`secure`] | fills the PIN block and the MAC of a message |
//! | [`settle`] | a settlement's totals, upload and discrepancies, and what a receipt proves |
//! | [`share`] | a message as a link |
//! | [`veil`] | which bits are hidden until somebody asks to see them |
//! | [`verify`] | lengths, check digits, tracks, chip data: what can be checked without a key |
//! | [`working`] | the values and steps of a computation, and what each byte hangs together with |

pub mod address;
pub mod books;
pub mod cable;
pub mod clearing;
pub mod copy;
pub mod counter;
pub mod damage;
pub mod decode;
pub mod diff;
pub mod exchange;
pub mod explain;
pub mod export;
pub mod findings;
pub mod format;
pub mod grid;
pub mod hop;
pub mod ladder;
pub mod mac;
pub mod machine;
pub mod memory;
pub mod moral;
pub mod nac;
pub mod outline;
pub mod parting;
pub mod reached;
pub mod readings;
pub mod rework;
pub mod secure;
pub mod settle;
pub mod share;
pub mod veil;
pub mod verify;
pub mod working;
