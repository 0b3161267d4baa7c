//! The issuer's script: given to the chip, and its result sent on in a 0620.

use super::build::tag;
use super::*;
use crate::bytes::to_hex;
use crate::node::script;

impl Terminal {
    /// Gives the script of an answer to the chip; the 0620 that will report it.
    pub(super) fn script_result(
        &self,
        answer: &Answer,
        request: &Image,
        trace: u32,
        fx: &mut Vec<Effect>,
    ) -> Option<Image> {
        let chip = self.job.chip.as_ref()?;
        let card = self.order.as_ref()?.card.as_ref()?;
        let result = script::run(card, chip.arqc, answer.image.get(55)?)?;
        self.note(
            if script::done(result) {
                Note::ScriptDone
            } else {
                Note::ScriptFailed
            },
            fx,
        );
        let mut image = Image::new(620);
        image.copy(request, &[2, 3, 22, 23, 41, 42, 49]);
        image.copy(&answer.image, &[32, 37, 38]);
        image.set(55, result_55(request.get(55)?, result));
        let (batch, date) = (self.store.batch, answer.image.get(13).unwrap_or("0000"));
        image.set(60, format!("00{batch:06}951"));
        image.set(61, format!("{batch:06}{trace:06}{date}"));
        Some(image)
    }

    pub(super) fn start_script(&mut self, _now: Millis, fx: &mut Vec<Effect>) {
        let Some(image) = self.store.script.clone() else {
            return;
        };
        self.job.attempt = self.job.attempt.saturating_add(1);
        let trace = self.take_trace(fx);
        let image: Image = image.with(11, format!("{trace:06}"));
        self.transmit(image, true, State::AwaitingScript, fx);
    }

    pub(super) fn script_answered(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        self.job.attempt = 0;
        self.note(Note::ScriptReported, fx);
        self.persist(TerminalRecord::Script { image: None }, fx);
        self.advance(now, fx);
    }

    /// A script result never blocks: after its attempts it is dropped.
    pub(super) fn script_failed(&mut self, now: Millis, fx: &mut Vec<Effect>) {
        if self.job.attempt < self.cfg.settings.attempts {
            return self.start_script(now, fx);
        }
        self.job.attempt = 0;
        self.note(Note::ScriptDropped, fx);
        self.persist(TerminalRecord::Script { image: None }, fx);
        self.advance(now, fx);
    }
}

/// F55 of a script result: what the request said of the chip, and DF31.
fn result_55(f55: &str, result: [u8; 5]) -> String {
    let mut out = String::new();
    let mut put = |name: &str, value: &str| {
        out += &format!("{name}{:02X}{value}", value.len() / 2);
    };
    for wanted in [
        "9F33", "95", "9F37", "9F1E", "9F10", "9F26", "9F36", "82", "9F1A", "9A",
    ] {
        if let Some(value) = tag(f55, wanted) {
            put(wanted, value);
        }
    }
    put("DF31", &to_hex(&result));
    out
}
