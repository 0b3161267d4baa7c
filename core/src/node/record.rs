//! What machines write to stable storage; a machine is rebuilt from its records and nothing else.
//!
//! Records are data with a serial form, so the simulator keeps them in a list, and a native host
//! can keep them in a database. No clear key and no PIN is ever in one.

use super::clearing::ClearingRecord;
use super::front_end::FrontEndRecord;
use super::issuer::IssuerRecord;
use super::switch::SwitchRecord;
use super::terminal::TerminalRecord;
use serde::{Deserialize, Serialize};

/// A record of some machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case")]
pub enum Record {
    /// Of a terminal.
    Terminal(TerminalRecord),
    /// Of the front end.
    FrontEnd(FrontEndRecord),
    /// Of the switch.
    Switch(SwitchRecord),
    /// Of the issuer.
    Issuer(IssuerRecord),
    /// Of clearing.
    Clearing(ClearingRecord),
}

impl Record {
    /// What the record is, in a word or two, for the trace.
    pub fn name(&self) -> &'static str {
        match self {
            Record::Terminal(r) => r.name(),
            Record::FrontEnd(r) => r.name(),
            Record::Switch(r) => r.name(),
            Record::Issuer(r) => r.name(),
            Record::Clearing(r) => r.name(),
        }
    }
}
