//! Which answers a terminal believes: echo, MAC, response code, in that order.
//!
//! poslab's rule, because practice loses money here: what does not echo the request is ignored and
//! the wait goes on; what fails its MAC leaves the outcome unknown and never clears the reversal.

use super::{ANSWER, Answer, Effect, Millis, Note, State, Terminal};
use crate::codec;
use crate::node::image::Image;
use crate::node::protection::Protection;
use crate::node::response::Code;
use crate::node::wire;

/// What an answer is worth.
enum Worth {
    /// Not the answer awaited: keep waiting.
    Ignored,
    /// It may be, but cannot be believed.
    Doubted(Note, Box<Image>),
    /// Believed.
    Believed(Box<Answer>),
}

impl Terminal {
    pub(super) fn take_frame(&mut self, now: Millis, frame: &[u8], fx: &mut Vec<Effect>) {
        let Some(worth) = self.weigh(frame) else {
            return self.note(Note::Unreadable, fx);
        };
        match worth {
            Worth::Ignored => self.note(Note::AnswerIgnored, fx),
            Worth::Doubted(why, image) => {
                fx.push(Effect::ClearTimer(ANSWER));
                self.note(why, fx);
                self.doubted(now, why, &image, fx);
            }
            Worth::Believed(answer) => {
                fx.push(Effect::ClearTimer(ANSWER));
                self.sent = None;
                self.believed(now, *answer, fx);
            }
        }
    }

    /// Reads a frame and weighs it against the request that is out.
    fn weigh(&self, frame: &[u8]) -> Option<Worth> {
        let body = wire::unwrap_pos(frame)?.body;
        let message = codec::unpack(&self.cfg.pos, body).ok()?;
        let Some(sent) = &self.sent else {
            return Some(Worth::Ignored);
        };
        let image = wire::image_of(&message);
        let f11 = image.get(11).and_then(|s| s.parse::<u32>().ok());
        let ours = image.mti == sent.mti + 10
            && f11 == sent.stan
            && image.get(41) == Some(&self.cfg.tid)
            && image.get(42) == Some(&self.cfg.mid);
        let trade = self.state == State::AwaitingAnswer;
        let lax = trade && !self.on(Protection::EchoChecks);
        let answers = ours || (lax && image.mti == sent.mti + 10);
        if !answers {
            return Some(Worth::Ignored);
        }
        let code = image.get(39).and_then(Code::new);
        let sealed = image.get(64).is_some();
        if sent.maced && self.on(Protection::MacCheck) {
            let holds = sealed && self.mac_holds(body);
            // A host that shares no key with us cannot seal its refusal; only these codes may
            // come without a MAC.
            let unkeyed = ["97", "03", "30", "77", "A0"];
            let refusal = !sealed && code.is_some_and(|c| unkeyed.contains(&c.as_str()));
            if !holds && !refusal {
                return Some(Worth::Doubted(Note::MacWrong, Box::new(image)));
            }
        }
        let Some(code) = code else {
            if sent.mti == 500 {
                let answer = Answer {
                    code: Code::OK,
                    image,
                    sealed: true,
                };
                return Some(Worth::Believed(Box::new(answer)));
            }
            return Some(Worth::Doubted(Note::EchoWrong, Box::new(image)));
        };
        if !lax && !self.echoes(sent, &image, code) {
            return Some(Worth::Doubted(Note::EchoWrong, Box::new(image)));
        }
        let sealed = sealed || !sent.maced;
        Some(Worth::Believed(Box::new(Answer {
            code,
            image,
            sealed,
        })))
    }

    fn mac_holds(&self, body: &[u8]) -> bool {
        self.pad
            .keys()
            .is_some_and(|keys| wire::mac_64_holds(body, &keys.mak))
    }

    /// F3 equal; F4 equal, or less for a partial approval we asked for.
    fn echoes(&self, sent: &super::Sent, image: &Image, code: Code) -> bool {
        let same = |de: u8, want: &Option<String>| match (image.get(de), want) {
            (Some(got), Some(want)) => got == want,
            _ => true,
        };
        let amount = match (image.get(4), &sent.f4) {
            (Some(got), Some(want)) if code == Code::PARTIAL && self.cfg.settings.partial => {
                got.parse::<u64>().ok() <= want.parse().ok()
            }
            _ => same(4, &sent.f4),
        };
        same(3, &sent.f3) && amount
    }

    fn believed(&mut self, now: Millis, answer: Answer, fx: &mut Vec<Effect>) {
        match self.state {
            State::AwaitingSignOn => self.signed_on(now, &answer, fx),
            State::AwaitingSignOff => self.signed_off(now, fx),
            State::AwaitingEcho => self.echoed(fx),
            State::AwaitingReversal => self.reversal_answered(now, &answer, fx),
            State::AwaitingScript => self.script_answered(now, fx),
            State::AwaitingQueued => self.queued_answered(now, &answer, fx),
            State::AwaitingAnswer => self.trade_answered(now, answer, fx),
            State::AwaitingSettlement => self.settlement_answered(now, &answer, fx),
            State::AwaitingUpload => self.upload_answered(now, &answer, fx),
            State::AwaitingEnd => self.end_answered(now, &answer, fx),
            State::AwaitingPin | State::AwaitingPad | State::Idle => {}
        }
    }

    fn doubted(&mut self, now: Millis, why: Note, image: &Image, fx: &mut Vec<Effect>) {
        let date = image.get(13).map(str::to_owned);
        match self.state {
            State::AwaitingAnswer if why == Note::MacWrong => {
                self.trade_doubted(now, Code::lit(b"A0"), date, fx);
            }
            State::AwaitingAnswer => self.trade_doubted(now, Code::lit(b"06"), date, fx),
            State::AwaitingReversal => self.reversal_stopped(now, fx),
            State::AwaitingQueued => self.queued_silent(now, fx),
            State::AwaitingScript => self.script_failed(now, fx),
            _ => self.timed_out(now, fx),
        }
    }
}
