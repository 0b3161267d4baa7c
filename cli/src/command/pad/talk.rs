//! A task carried out over a real port: the session is the core's, the clock and bytes are ours.

use super::log::Log;
use super::out::Failure;
use super::{Cable, port};
use poslab_core::pad::abecs::rsa::KeyPair;
use poslab_core::pad::secure::random::Random;
use poslab_core::pad::traffic::Direction;
use poslab_core::pad::{Millis, Outcome, Protocol, Session, SessionEvent, Task};
use serialport::SerialPort;
use std::time::Instant;

/// Sixteen bytes from the operating system.
pub(super) fn seed() -> Result<[u8; 16], Failure> {
    let mut seed = [0; 16];
    getrandom::fill(&mut seed).map_err(|error| Failure::Io {
        code: "io",
        message: format!("no random bytes: {error}"),
        fix: None,
    })?;
    Ok(seed)
}

/// Opens the port, does one task and gives what came of it.
pub(super) fn perform(cable: &Cable, task: Task) -> Result<Outcome, Failure> {
    let log = cable
        .log
        .as_ref()
        .map(|path| Log::open(path, cable.reveal, Some(cable.protocol)));
    let mut session = Session::new(cable.protocol, cable.coding, cable.line().data_bits == 7);
    if cable.secure && cable.protocol == Protocol::Abecs {
        session = session.with_channel(KeyPair::generate(&mut Random::new(seed()?)));
    }
    let mut talk = Talk {
        port: port::open(&cable.port, cable.line())?,
        name: &cable.port,
        session,
        log: log.transpose()?,
        start: Instant::now(),
    };
    talk.session.begin(task, 0);
    let outcome = talk.run();
    if let Some(log) = &mut talk.log {
        log.finish(talk.start.elapsed().as_millis() as Millis)?;
    }
    outcome
}

struct Talk<'a> {
    port: Box<dyn SerialPort>,
    name: &'a str,
    session: Session,
    log: Option<Log>,
    start: Instant,
}

impl Talk<'_> {
    fn run(&mut self) -> Result<Outcome, Failure> {
        loop {
            self.send()?;
            while let Some(event) = self.session.poll_event() {
                match event {
                    SessionEvent::Done(outcome) => {
                        self.settle()?;
                        return Ok(outcome?);
                    }
                    SessionEvent::Waiting => eprintln!("waiting for the person at the pad"),
                    SessionEvent::Notice(text) => eprintln!("the pad says: {text}"),
                    SessionEvent::KeyPressed => eprint!("*"),
                }
            }
            let bytes = port::read(&mut *self.port, self.name)?;
            let now = self.now();
            if !bytes.is_empty() {
                self.record(Direction::FromPad, &bytes, now)?;
                self.session.feed(&bytes, now);
            }
            self.session.handle_timeout(now);
        }
    }

    /// Acknowledgements that are still to go out, and what the pad says to them.
    fn settle(&mut self) -> Result<(), Failure> {
        self.send()?;
        if self.session.protocol() == Protocol::Visa {
            let bytes = port::read(&mut *self.port, self.name)?;
            let now = self.now();
            self.record(Direction::FromPad, &bytes, now)?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Failure> {
        while let Some(bytes) = self.session.poll_transmit() {
            let now = self.now();
            self.record(Direction::ToPad, &bytes, now)?;
            port::write(&mut *self.port, self.name, &bytes)?;
        }
        Ok(())
    }

    fn record(&mut self, direction: Direction, bytes: &[u8], now: Millis) -> Result<(), Failure> {
        match &mut self.log {
            Some(log) if !bytes.is_empty() => log.take(direction, bytes, now),
            _ => Ok(()),
        }
    }

    fn now(&self) -> Millis {
        self.start.elapsed().as_millis() as Millis
    }
}
