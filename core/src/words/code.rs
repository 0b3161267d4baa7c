//! The lists of codes: what two or three characters of a field mean.

use super::{Lang, Text};
use crate::data::text_file;
use crate::value::ResponseCode;
use crate::value::table::Table;

/// A list of codes that a field draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeList {
    /// DE39 of an answer: response and action codes.
    Response,
    /// DE39 of a UnionPay reversal request: why it is sent.
    ReversalReason,
    /// DE3: the whole code, or its first pair.
    Processing,
    /// DE3's second and third pair, DE54's first.
    Account,
    /// DE54's second pair.
    AmountType,
    /// DE22 of 1987: its first pair.
    EntryMode,
    /// DE22 of 1993: `position/character`.
    PosData,
    /// DE25 of 1987.
    Condition,
    /// DE60.1 of UnionPay.
    UnionPayTransaction,
    /// DE60.3 of UnionPay.
    UnionPayNetwork,
    /// DE70.
    Network,
    /// DE63.1 of UnionPay.
    CardOrganisation,
    /// The processing requirement of the UnionPay message header.
    HeaderRequirement,
    /// A service code: `place/digit`.
    Service,
    /// Merchant category codes.
    Mcc,
    /// Countries by number.
    Country,
}

/// One code with its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code as it stands in the field.
    pub code: &'static str,
    /// What it means.
    pub text: Text,
}

impl CodeList {
    /// Every list, in the order of the fields that use them.
    pub const ALL: [Self; 16] = [
        Self::Processing,
        Self::Account,
        Self::Mcc,
        Self::EntryMode,
        Self::PosData,
        Self::Condition,
        Self::Response,
        Self::ReversalReason,
        Self::AmountType,
        Self::UnionPayTransaction,
        Self::UnionPayNetwork,
        Self::CardOrganisation,
        Self::Network,
        Self::HeaderRequirement,
        Self::Service,
        Self::Country,
    ];

    /// What the list is called.
    #[must_use]
    pub const fn title(self) -> Text {
        let (en, zh) = match self {
            Self::Response => ("response codes (DE39)", "应答码（39 域）"),
            Self::ReversalReason => (
                "reversal reasons (DE39 of a 0400)",
                "冲正原因码（0400 的 39 域）",
            ),
            Self::Processing => ("processing codes (DE3)", "交易处理码（3 域）"),
            Self::Account => ("account types (DE3, DE54)", "账户类型（3、54 域）"),
            Self::AmountType => ("amount types (DE54)", "金额类型（54 域）"),
            Self::EntryMode => ("entry modes (DE22)", "服务点输入方式（22 域）"),
            Self::PosData => (
                "point of service data (DE22 of 1993)",
                "服务点数据码（1993 版 22 域）",
            ),
            Self::Condition => ("condition codes (DE25)", "服务点条件码（25 域）"),
            Self::UnionPayTransaction => (
                "UnionPay transaction types (DE60.1)",
                "银联交易类型码（60.1）",
            ),
            Self::UnionPayNetwork => (
                "UnionPay network management codes (DE60.3)",
                "银联网络管理信息码（60.3）",
            ),
            Self::Network => ("network management codes (DE70)", "网络管理信息码（70 域）"),
            Self::CardOrganisation => ("card organisations (DE63.1)", "卡组织（63.1）"),
            Self::HeaderRequirement => (
                "processing requirements (UnionPay header)",
                "处理要求（银联报文头）",
            ),
            Self::Service => ("service codes (tracks)", "服务代码（磁道）"),
            Self::Mcc => ("merchant category codes (DE18)", "商户类别码 MCC（18 域）"),
            Self::Country => ("countries (DE19, 9F1A)", "国家和地区代码（19 域、9F1A）"),
        };
        Text::new(en, zh)
    }

    /// The meaning of a code, when the list has it.
    #[must_use]
    pub fn find(self, code: &str) -> Option<Text> {
        self.table()
            .find(code)
            .map(|row| Text::of_row(row, self.text_column()))
    }

    /// Every code of the list, sorted.
    pub fn codes(self) -> impl Iterator<Item = Code> {
        let column = self.text_column();
        self.table().rows().map(move |row| Code {
            code: row.key(),
            text: Text::of_row(row, column),
        })
    }

    const fn text_column(self) -> usize {
        if matches!(self, Self::Country) { 2 } else { 1 }
    }

    const fn table(self) -> Table {
        Table::new(match self {
            Self::Response => text_file!("specs/response_codes.tsv"),
            Self::ReversalReason => text_file!("specs/reversal_reasons.tsv"),
            Self::Processing => text_file!("specs/processing_codes.tsv"),
            Self::Account => text_file!("specs/account_types.tsv"),
            Self::AmountType => text_file!("specs/amount_types.tsv"),
            Self::EntryMode => text_file!("specs/entry_modes.tsv"),
            Self::PosData => text_file!("specs/pos_data.tsv"),
            Self::Condition => text_file!("specs/condition_codes.tsv"),
            Self::UnionPayTransaction => text_file!("specs/unionpay_transactions.tsv"),
            Self::UnionPayNetwork => text_file!("specs/unionpay_network_codes.tsv"),
            Self::Network => text_file!("specs/network_codes.tsv"),
            Self::CardOrganisation => text_file!("specs/card_organisations.tsv"),
            Self::HeaderRequirement => text_file!("specs/header_requirements.tsv"),
            Self::Service => text_file!("specs/service_codes.tsv"),
            Self::Mcc => text_file!("specs/mcc.tsv"),
            Self::Country => text_file!("specs/countries.tsv"),
        })
    }
}

/// A response code with its meaning: `51 insufficient funds`, or the code alone when unknown.
#[must_use]
pub fn response_code(code: &str, lang: Lang) -> String {
    with_code(code, CodeList::Response.find(code), lang)
}

/// What a terminal does about a response code, in a few words.
#[must_use]
pub fn action(code: ResponseCode) -> Text {
    use crate::value::ActionClass;
    match code.class() {
        ActionClass::Approved => Text::new("approved", "成功"),
        ActionClass::Retry => Text::new("refused; correct and try again", "拒绝，更正后可重试"),
        ActionClass::Refused => Text::new("refused; do not retry", "拒绝，不要重试"),
        ActionClass::Operator => Text::new("refused; the operator must act", "拒绝，操作员须处理"),
        ActionClass::Fault => Text::new("a system failed", "系统故障"),
        ActionClass::Unknown => Text::new("not known", "未知"),
    }
}

/// A code followed by its meaning, or alone.
pub(super) fn with_code(code: &str, text: Option<Text>, lang: Lang) -> String {
    text.map_or_else(
        || code.to_owned(),
        |text| format!("{code} {}", text.say(lang)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{ActionClass, table};

    #[test]
    fn every_list_is_sorted_and_speaks_both_languages() {
        for list in CodeList::ALL {
            let columns = list.table().rows().map(|row| {
                (0..9)
                    .take_while(|i| *i < 3 || !row.column(*i).is_empty())
                    .count()
            });
            table::assert_sorted(list.table(), columns.max().unwrap());
            for code in list.codes() {
                assert!(
                    !code.text.en.is_empty() && !code.text.zh.is_empty(),
                    "{list:?} {code:?}"
                );
                assert!(
                    code.text.zh.len() < 120 && code.text.en.is_ascii()
                        || list == CodeList::Country
                );
            }
            assert!(list.find("no such code").is_none());
        }
    }

    #[test]
    fn every_response_code_has_a_class() {
        for code in CodeList::Response.codes() {
            let class = ResponseCode::parse(code.code).unwrap().class();
            assert_ne!(class, ActionClass::Unknown, "{}", code.code);
        }
        assert_eq!(response_code("51", Lang::En), "51 insufficient funds");
        assert_eq!(response_code("51", Lang::Zh), "51 可用余额不足");
        assert_eq!(response_code("ZZ", Lang::En), "ZZ");
    }
}
