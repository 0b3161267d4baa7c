//! The keypad of the drawn terminal: from key presses to one complete order.
//!
//! A terminal asks a person one thing after another: what, how much, which card, which PIN. This is
//! that conversation and nothing else; the protocol begins when the order is complete. It is apart
//! from the terminal's machine, which takes whole orders, so that every shell (page, test, command
//! line) asks the same questions in the same words. PIN digits live here only until the holder
//! confirms them, are never shown by `Debug`, and leave as a [`PinChoice`].

use crate::node::ledger::yuan;
use crate::node::{Entry, Operation, PinChoice, TradeKind};
use std::fmt;

/// A key of the terminal, its pad, or a way of presenting a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// 0 to 9.
    Digit(u8),
    /// The green key.
    Enter,
    /// The yellow key: one step or one digit back.
    Back,
    /// The red key.
    Cancel,
    /// A card is put in, held on, or swiped.
    Card(Entry),
}

/// An order that is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// What to do.
    pub operation: Operation,
    /// Amount in fen, 0 where none is asked for.
    pub amount: u64,
    /// How the card is read.
    pub entry: Entry,
    /// The trace number of the original, where one is asked for.
    pub original: Option<u32>,
    /// What was typed at the pad.
    pub pin: PinChoice,
}

/// What the terminal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// An item of the menu; the page of the menu.
    Menu(u8),
    /// The amount.
    Amount,
    /// The trace number on the receipt of the original.
    Original,
    /// A card.
    Card,
    /// The PIN, at the pad.
    Pin,
}

/// The conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct Counter {
    asks: Asks,
    wish: Wish,
    pin: Vec<u8>,
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counter")
            .field("asks", &self.asks)
            .field("wish", &self.wish)
            .field("pin_digits", &self.pin.len())
            .finish_non_exhaustive()
    }
}

/// One item of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key that chooses it.
    pub digit: u8,
    /// What it does; `None` turns the page.
    pub operation: Option<Operation>,
    /// Its name in English.
    pub en: &'static str,
    /// Its name in Chinese.
    pub zh: &'static str,
}

const fn item(digit: u8, operation: Operation, en: &'static str, zh: &'static str) -> Item {
    Item {
        digit,
        operation: Some(operation),
        en,
        zh,
    }
}

const fn turn(en: &'static str, zh: &'static str) -> Item {
    Item {
        digit: 9,
        operation: None,
        en,
        zh,
    }
}

use Operation as O;
use TradeKind as K;

/// The pages of the menu; 9 turns to the next.
pub const MENU: [&[Item]; 3] = [
    &[
        item(1, O::Trade(K::Sale), "Sale", "消费"),
        item(2, O::Trade(K::Void), "Void a sale", "消费撤销"),
        item(3, O::Trade(K::Refund), "Refund", "退货"),
        item(4, O::Trade(K::Balance), "Balance", "余额查询"),
        item(5, O::Trade(K::PreAuth), "Pre-auth", "预授权"),
        item(6, O::Trade(K::Completion), "Complete", "预授权完成"),
        item(7, O::Settle, "Settle", "结算"),
        item(8, O::SignOn, "Sign on", "签到"),
        turn("More", "更多"),
    ],
    &[
        item(1, O::Trade(K::PreAuthVoid), "Undo pre-auth", "预授权撤销"),
        item(
            2,
            O::Trade(K::CompletionVoid),
            "Undo completion",
            "完成撤销",
        ),
        item(
            3,
            O::Trade(K::CompletionAdvice),
            "Complete, advice",
            "完成通知",
        ),
        item(4, O::Trade(K::OfflineSale), "Offline sale", "离线消费"),
        item(5, O::Trade(K::TipAdjust), "Adjust, tip", "结算调整"),
        item(6, O::Reprint, "Print again", "重打印"),
        item(7, O::Echo, "Test the line", "线路测试"),
        item(8, O::SignOff, "Sign off", "签退"),
        turn("Supervisor", "主管"),
    ],
    &[
        item(1, O::CancelSettle, "Give up settling", "放弃结算"),
        item(2, O::DropReversal, "Drop a reversal", "删除冲正"),
        item(3, O::InjectKey, "Inject the key", "灌注主密钥"),
        turn("First page", "首页"),
    ],
];

/// Digits an amount can have: 9,999,999.99.
const AMOUNT_MAX: u64 = 999_999_999;

impl Default for Counter {
    fn default() -> Self {
        Counter {
            asks: Asks::Menu(0),
            wish: Wish {
                operation: O::Echo,
                amount: 0,
                entry: Entry::Manual,
                original: None,
                pin: PinChoice::None,
            },
            pin: Vec::new(),
        }
    }
}

impl Counter {
    /// What is asked for now.
    pub fn asks(&self) -> Asks {
        self.asks
    }

    /// The order so far.
    pub fn wish(&self) -> &Wish {
        &self.wish
    }

    /// How many PIN digits were typed.
    pub fn stars(&self) -> usize {
        self.pin.len()
    }

    /// The items of the menu that is shown; none while something else is asked for.
    pub fn menu(&self) -> &'static [Item] {
        match self.asks {
            Asks::Menu(page) => MENU.get(usize::from(page)).copied().unwrap_or_default(),
            Asks::Amount | Asks::Original | Asks::Card | Asks::Pin => &[],
        }
    }

    /// Takes a key; gives the order when it is complete. `judge` knows the holder's PIN.
    pub fn press(&mut self, key: Key, judge: impl Fn(&[u8]) -> PinChoice) -> Option<Wish> {
        match (self.asks, key) {
            (_, Key::Cancel) if self.asks == Asks::Pin => {
                return self.done(PinChoice::Cancel);
            }
            (_, Key::Cancel) => self.clear(),
            (Asks::Menu(page), Key::Digit(digit)) => return self.choose(page, digit),
            (Asks::Menu(_), Key::Card(entry)) => {
                // A card at a terminal that rests means a sale: ask how much, keep how it came.
                self.wish.operation = O::Trade(K::Sale);
                self.wish.entry = entry;
                self.asks = Asks::Amount;
            }
            (Asks::Menu(page), Key::Back) => self.asks = Asks::Menu(page.saturating_sub(1)),
            (Asks::Amount, Key::Digit(digit)) => {
                let next = self.wish.amount * 10 + u64::from(digit);
                if next <= AMOUNT_MAX {
                    self.wish.amount = next;
                }
            }
            (Asks::Amount, Key::Back) if self.wish.amount == 0 => self.clear(),
            (Asks::Amount, Key::Back) => self.wish.amount /= 10,
            (Asks::Amount, Key::Enter) if self.wish.amount > 0 => return self.after_amount(),
            (Asks::Amount, Key::Card(entry)) if self.wish.amount > 0 => {
                self.wish.entry = entry;
                return self.after_card();
            }
            (Asks::Original, Key::Digit(digit)) => {
                let next = self.wish.original.unwrap_or(0) * 10 + u32::from(digit);
                if next <= 999_999 {
                    self.wish.original = Some(next);
                }
            }
            (Asks::Original, Key::Back) => match self.wish.original {
                None | Some(0) => self.clear(),
                Some(trace) => self.wish.original = Some(trace / 10).filter(|n| *n > 0),
            },
            (Asks::Original, Key::Enter) if self.wish.original.is_some() => {
                return self.after_original();
            }
            (Asks::Card, Key::Card(entry)) => {
                self.wish.entry = entry;
                return self.after_card();
            }
            (Asks::Card, Key::Digit(digit @ 1..=4)) => {
                self.wish.entry = ENTRIES
                    .get(usize::from(digit) - 1)
                    .copied()
                    .unwrap_or_default();
                return self.after_card();
            }
            (Asks::Card, Key::Back) => self.asks = Asks::Amount,
            (Asks::Pin, Key::Digit(digit)) if self.pin.len() < 12 => self.pin.push(digit),
            (Asks::Pin, Key::Back) => drop(self.pin.pop()),
            (Asks::Pin, Key::Enter) if self.pin.is_empty() => return self.done(PinChoice::None),
            (Asks::Pin, Key::Enter) if self.pin.len() >= 4 => {
                return self.done(judge(&self.pin));
            }
            (_, _) => {}
        }
        None
    }

    /// Asks for the PIN once more, for the host said it was wrong.
    pub fn again(&mut self, wish: Wish) {
        self.wish = wish;
        self.pin.clear();
        self.asks = Asks::Pin;
    }

    fn clear(&mut self) {
        *self = Counter::default();
    }

    fn choose(&mut self, page: u8, digit: u8) -> Option<Wish> {
        let item = self.menu().iter().find(|item| item.digit == digit)?;
        let Some(operation) = item.operation else {
            self.asks = Asks::Menu((page + 1) % MENU.len() as u8);
            return None;
        };
        self.clear();
        self.wish.operation = operation;
        match operation {
            O::Trade(K::Balance) => self.asks = Asks::Card,
            O::Trade(kind) if wants_original(kind) => self.asks = Asks::Original,
            O::Trade(_) => self.asks = Asks::Amount,
            _ => return self.done(PinChoice::None),
        }
        None
    }

    fn after_original(&mut self) -> Option<Wish> {
        match self.wish.operation {
            // A void takes the whole amount of its original.
            O::Trade(K::Void | K::CompletionVoid) => return self.done(PinChoice::None),
            O::Trade(K::PreAuthVoid) => self.asks = Asks::Card,
            _ => self.asks = Asks::Amount,
        }
        None
    }

    fn after_amount(&mut self) -> Option<Wish> {
        match self.wish.operation {
            O::Trade(K::TipAdjust) => self.done(PinChoice::None),
            // The card came first: it is in the slot already.
            O::Trade(K::Sale) if self.wish.entry != Entry::Manual => self.after_card(),
            _ => {
                self.asks = Asks::Card;
                None
            }
        }
    }

    fn after_card(&mut self) -> Option<Wish> {
        match self.wish.operation {
            O::Trade(kind) if asks_pin(kind) => {
                self.asks = Asks::Pin;
                None
            }
            _ => self.done(PinChoice::None),
        }
    }

    /// The PIN is typed at a pad that is not drawn here: the order is complete without it.
    pub fn pin_elsewhere(&mut self) -> Option<Wish> {
        match self.asks {
            Asks::Pin => self.done(PinChoice::Right),
            _ => None,
        }
    }

    fn done(&mut self, pin: PinChoice) -> Option<Wish> {
        let wish = Wish { pin, ..self.wish };
        self.clear();
        Some(wish)
    }

    /// What the terminal's screen says now, in Chinese (`zh`) or English: up to four short lines.
    pub fn lines(&self, zh: bool) -> Vec<String> {
        let say = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
        let title = self.title(zh).to_owned();
        // What the holder is about to pay stays in sight.
        let what = match self.wish.amount {
            0 => title.clone(),
            fen => format!("{title}  ¥ {}", yuan(i64::try_from(fen).unwrap_or(0))),
        };
        let amount = format!("¥ {}", yuan(i64::try_from(self.wish.amount).unwrap_or(0)));
        match self.asks {
            Asks::Menu(_) => Vec::new(),
            Asks::Amount => vec![
                title,
                amount,
                say("Type the amount, then ○", "输入金额，按 ○ 确认"),
            ],
            Asks::Original => vec![
                title,
                format!("{:06}", self.wish.original.unwrap_or(0)),
                say("Trace on the receipt, then ○", "输入签购单上的凭证号"),
            ],
            Asks::Card => vec![
                what,
                say("Card: 1 insert  2 tap", "卡片：1 插卡  2 挥卡"),
                say("3 swipe  4 type by hand", "3 刷卡  4 手工输入"),
            ],
            Asks::Pin => vec![what, say("PIN on the pad", "请在密码键盘输入密码")],
        }
    }

    /// The name of what is being done.
    pub fn title(&self, zh: bool) -> &'static str {
        let named = |item: &&Item| item.operation == Some(self.wish.operation);
        let item = MENU.iter().flat_map(|page| page.iter()).find(named);
        item.map_or("", |item| if zh { item.zh } else { item.en })
    }
}

/// The ways of presenting a card, by the digit that chooses them.
pub const ENTRIES: [Entry; 4] = [Entry::Chip, Entry::Tap, Entry::Swipe, Entry::Manual];

/// Whether a trade refers to an earlier one.
pub fn wants_original(kind: TradeKind) -> bool {
    match kind {
        K::Void | K::PreAuthVoid | K::Completion | K::CompletionVoid => true,
        K::CompletionAdvice | K::Refund | K::TipAdjust => true,
        K::Balance | K::PreAuth | K::Sale | K::OfflineSale => false,
    }
}

/// Whether the holder is asked for a PIN.
pub fn asks_pin(kind: TradeKind) -> bool {
    match kind {
        K::Balance | K::PreAuth | K::Sale | K::Completion => true,
        K::PreAuthVoid | K::CompletionVoid | K::Void => false,
        K::CompletionAdvice | K::Refund | K::TipAdjust | K::OfflineSale => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIN: fn(&[u8]) -> PinChoice = |typed| match typed {
        [1, 2, 3, 4, 5, 6] => PinChoice::Right,
        _ => PinChoice::Wrong(0),
    };

    fn type_in(counter: &mut Counter, digits: &str) -> Option<Wish> {
        digits
            .bytes()
            .filter_map(|digit| counter.press(Key::Digit(digit - b'0'), LIN))
            .last()
    }

    #[test]
    fn a_sale_by_keys() {
        let mut counter = Counter::default();
        type_in(&mut counter, "112345");
        assert_eq!(counter.wish().amount, 12_345);
        assert_eq!(counter.lines(false)[1], "¥ 123.45");
        assert_eq!(counter.press(Key::Enter, LIN), None);
        assert_eq!(counter.asks(), Asks::Card);
        assert_eq!(counter.press(Key::Card(Entry::Chip), LIN), None);
        type_in(&mut counter, "123456");
        assert!(!format!("{counter:?}").contains("[1, 2"));
        let wish = counter.press(Key::Enter, LIN).unwrap();
        assert_eq!(wish.pin, PinChoice::Right);
        assert_eq!((wish.amount, wish.entry), (12_345, Entry::Chip));
        assert_eq!(counter.asks(), Asks::Menu(0));
    }

    #[test]
    fn a_wrong_pin_leaves_no_digits() {
        let mut counter = Counter::default();
        type_in(&mut counter, "1100");
        counter.press(Key::Enter, LIN);
        counter.press(Key::Card(Entry::Tap), LIN);
        type_in(&mut counter, "987654");
        assert_eq!(counter.stars(), 6);
        let wish = counter.press(Key::Enter, LIN).unwrap();
        assert_eq!(wish.pin, PinChoice::Wrong(0));
        assert_eq!(counter.stars(), 0);
    }

    #[test]
    fn a_card_first_means_a_sale() {
        let mut counter = Counter::default();
        counter.press(Key::Card(Entry::Swipe), LIN);
        type_in(&mut counter, "500");
        counter.press(Key::Enter, LIN);
        assert_eq!(counter.asks(), Asks::Pin);
        assert_eq!(counter.wish().entry, Entry::Swipe);
        let wish = counter.press(Key::Cancel, LIN).unwrap();
        assert_eq!(wish.pin, PinChoice::Cancel);
    }

    #[test]
    fn every_operation_is_on_a_key() {
        let all: Vec<Operation> = MENU
            .iter()
            .flat_map(|page| page.iter())
            .filter_map(|item| item.operation)
            .collect();
        for kind in TradeKind::ALL {
            assert!(all.contains(&O::Trade(kind)), "{kind:?}");
        }
        assert_eq!(all.len(), TradeKind::ALL.len() + 8);
        for (page, items) in MENU.iter().enumerate() {
            for item in items.iter() {
                let mut counter = Counter {
                    asks: Asks::Menu(page as u8),
                    ..Counter::default()
                };
                let wish = counter.press(Key::Digit(item.digit), LIN);
                assert_eq!(
                    wish.is_some(),
                    matches!(item.operation, Some(o) if !matches!(o, O::Trade(_)))
                );
            }
        }
    }

    #[test]
    fn a_void_asks_for_the_receipt() {
        let mut counter = Counter::default();
        type_in(&mut counter, "23");
        assert_eq!(counter.wish().original, Some(3));
        let wish = counter.press(Key::Enter, LIN).unwrap();
        assert_eq!(
            (wish.operation, wish.original),
            (O::Trade(K::Void), Some(3))
        );
        assert_eq!(counter, Counter::default());
    }
}
