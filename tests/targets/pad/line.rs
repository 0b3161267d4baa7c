//! A cable between a host and a pad: in any portions, with a clock that the test moves.

use poslab_core::pad::Millis;

/// How bytes arrive.
#[derive(Clone, Copy)]
pub enum Portions {
    /// As they were sent.
    Whole,
    /// One by one.
    Single,
}

/// Splits a transmission as the cable does.
pub fn portions(bytes: &[u8], how: Portions) -> Vec<Vec<u8>> {
    match how {
        Portions::Whole => vec![bytes.to_vec()],
        Portions::Single => bytes.iter().map(|b| vec![*b]).collect(),
    }
}

/// Where the two machines of one protocol stand on their cable; `$host` and `$pad` are types.
macro_rules! cable {
    ($host:ty, $pad:ty, $event:ty) => {
        /// A host and a pad with a cable between them.
        pub struct Cable {
            pub host: $host,
            pub pad: $pad,
            pub now: crate::line::Millis_,
            pub how: crate::line::Portions,
            /// What went over the line to the host, in order.
            pub heard: Vec<u8>,
        }

        impl Cable {
            /// Carries bytes until nobody has any, and gives what the host learned.
            pub fn settle(&mut self) -> Vec<$event> {
                loop {
                    let mut moved = false;
                    while let Some(bytes) = self.host.poll_transmit() {
                        moved = true;
                        for part in crate::line::portions(&bytes, self.how) {
                            self.pad.feed(&part, self.now);
                        }
                    }
                    while let Some(bytes) = self.pad.poll_transmit() {
                        moved = true;
                        self.heard.extend(&bytes);
                        for part in crate::line::portions(&bytes, self.how) {
                            self.host.feed(&part, self.now);
                        }
                    }
                    if !moved {
                        return std::iter::from_fn(|| self.host.poll_event()).collect();
                    }
                }
            }

            /// Moves the clock and lets both sides do what is due.
            pub fn pass(&mut self, ms: crate::line::Millis_) -> Vec<$event> {
                self.now += ms;
                self.host.handle_timeout(self.now);
                self.pad.handle_timeout(self.now);
                self.settle()
            }

            /// Presses keys by name.
            pub fn press(&mut self, keys: &[&str]) -> Vec<$event> {
                let mut learned = Vec::new();
                for name in keys {
                    let key = poslab_core::pad::Key::from_name(name).expect("a key's name");
                    self.pad.press(key, self.now);
                    learned.extend(self.settle());
                }
                learned
            }
        }
    };
}
pub(crate) use cable;

/// The clock of the tests.
pub type Millis_ = Millis;
