//! A task carried out over a real port: the session is the core's, the clock and bytes are ours.

use super::log::Log;
use super::out::{Failure, say, with};
use super::{Cable, port};
use poslab_core::pad::abecs::rsa::KeyPair;
use poslab_core::pad::secure::random::Random;
use poslab_core::pad::sniff::{Seen, Sniffer};
use poslab_core::pad::traffic::Direction;
use poslab_core::pad::{Millis, Outcome, Protocol, Session, SessionEvent, Task, TaskError};
use serialport::SerialPort;
use std::time::Instant;

/// Sixteen bytes from the operating system.
pub(super) fn seed() -> Result<[u8; 16], Failure> {
    let mut seed = [0; 16];
    getrandom::fill(&mut seed).map_err(|error| Failure::Io {
        code: "io",
        message: with(
            "no random bytes: {why}",
            "无法取得随机数：{why}",
            &[("why", &error.to_string())],
        ),
        fix: None,
    })?;
    Ok(seed)
}

/// Opens the port, does one task and gives what came of it.
pub(super) fn perform(cable: &Cable, task: Task) -> Result<Outcome, Failure> {
    let mut talk = Talk::open(cable)?;
    let outcome = talk.perform(task);
    talk.close()?;
    Ok(outcome??)
}

/// A conversation over a port that is open.
pub(super) struct Talk {
    port: Box<dyn SerialPort>,
    name: String,
    session: Session,
    log: Option<Log>,
    sniffer: Sniffer,
    seen: Vec<Seen>,
    start: Instant,
}

impl Talk {
    /// Opens the port.
    pub(super) fn open(cable: &Cable) -> Result<Self, Failure> {
        let log = cable
            .log
            .as_ref()
            .map(|path| Log::open(path, cable.reveal, Some(cable.protocol)));
        let mut session = Session::new(cable.protocol, cable.coding, cable.line().data_bits == 7);
        if cable.secure && cable.protocol == Protocol::Abecs {
            session = session.with_channel(KeyPair::generate(&mut Random::new(seed()?)));
        }
        Ok(Talk {
            port: port::open(&cable.port, cable.line())?,
            name: cable.port.clone(),
            session,
            log: log.transpose()?,
            sniffer: Sniffer::new(Some(cable.protocol)),
            seen: Vec::new(),
            start: Instant::now(),
        })
    }

    /// Writes what of the log still waits.
    pub(super) fn close(mut self) -> Result<(), Failure> {
        let now = self.now();
        self.log.as_mut().map_or(Ok(()), |log| log.finish(now))
    }

    /// What went over the line since this was last asked.
    pub(super) fn seen(&mut self) -> Vec<Seen> {
        let now = self.now();
        let rest = self.sniffer.flush(now);
        self.seen.extend(rest);
        std::mem::take(&mut self.seen)
    }

    /// Does one task; the pad's own refusal is an answer, a port that fails is not.
    pub(super) fn perform(&mut self, task: Task) -> Result<Result<Outcome, TaskError>, Failure> {
        let now = self.now();
        self.session.begin(task, now);
        loop {
            self.send()?;
            while let Some(event) = self.session.poll_event() {
                match event {
                    SessionEvent::Done(outcome) => {
                        self.settle()?;
                        return Ok(outcome);
                    }
                    SessionEvent::Waiting => {
                        eprintln!(
                            "{}",
                            say("waiting for the person at the pad", "等待持卡人按键")
                        );
                    }
                    SessionEvent::Notice(text) => {
                        eprintln!("{}: {text}", say("the pad says", "密码键盘提示"));
                    }
                    SessionEvent::KeyPressed => eprint!("*"),
                }
            }
            let bytes = port::read(&mut *self.port, &self.name)?;
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
            let bytes = port::read(&mut *self.port, &self.name)?;
            let now = self.now();
            self.record(Direction::FromPad, &bytes, now)?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), Failure> {
        while let Some(bytes) = self.session.poll_transmit() {
            let now = self.now();
            self.record(Direction::ToPad, &bytes, now)?;
            port::write(&mut *self.port, &self.name, &bytes)?;
        }
        Ok(())
    }

    fn record(&mut self, direction: Direction, bytes: &[u8], now: Millis) -> Result<(), Failure> {
        self.seen.extend(self.sniffer.feed(direction, bytes, now));
        match &mut self.log {
            Some(log) if !bytes.is_empty() => log.take(direction, bytes, now),
            _ => Ok(()),
        }
    }

    /// Milliseconds since the port was opened.
    pub(super) fn now(&self) -> Millis {
        self.start.elapsed().as_millis() as Millis
    }
}
