//! The machines of the world, for whoever wants to look into them.

use super::*;

impl World {
    /// A terminal, from zero.
    pub fn terminal(&self, k: u8) -> Option<&Terminal> {
        self.terminals.get(usize::from(k))
    }

    /// The NAC.
    pub fn nac(&self) -> &Nac {
        &self.nac
    }

    /// The front end.
    pub fn front_end(&self) -> &FrontEnd {
        &self.front_end
    }

    /// The switch.
    pub fn switch(&self) -> &Switch {
        &self.switch
    }

    /// The issuer.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }
}
