//! The single mistakes that turn a right value into somebody's, each with its stable name.
//!
//! **Source** questions in public issue threads; the names are those of the vector set.

/// One known mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mistake {
    /// Key treated as AES, CMAC of the zero block.
    AesCmac,
    /// Key treated as AES, zero block.
    AesZero,
    /// PIN digits put in as ASCII.
    AsciiPin,
    /// Plain CBC-MAC (the host-to-host interface) instead of the POS ECB MAC.
    CbcMac,
    /// Rightmost PAN digits taken with the check digit.
    CheckDigitIncluded,
    /// CMAC of an empty message instead of the zero block.
    CmacEmpty,
    /// TDES CMAC instead of retail MAC.
    CmacTdes,
    /// KSN counter one too high.
    CounterOffByOne,
    /// Expiry written MMYY.
    ExpiryMmyy,
    /// Filled with 0 instead of F.
    FillZero,
    /// Key halves swapped.
    HalvesSwapped,
    /// Hexadecimal text taken as the data, instead of the bytes.
    HexText,
    /// Initial key used, KSN counter ignored.
    IkUsed,
    /// Issuer master key used.
    IssuerKeyUsed,
    /// CVK A and B swapped.
    KeySwapped,
    /// Last 8 hex characters taken.
    Last8Chars,
    /// Leftmost 12 PAN digits (VISA-4 / PLUS).
    Leftmost12,
    /// Only the left half of the key was used.
    LeftHalfOnly,
    /// Legacy zero-block KCV instead of CMAC.
    LegacyZero,
    /// The XOR block was expanded to lower-case hex.
    LowercaseHex,
    /// ICC master key used instead of the session key.
    MasterKeyUsed,
    /// The MAB must start at the message type, not at the bitmap.
    MtiMissing,
    /// The XOR block was encrypted directly, without the hex expansion.
    NoHexExpansion,
    /// Key variant not applied.
    NoVariant,
    /// Computed with ISO 9797-1 padding method 1.
    PaddingMethod1,
    /// Computed with ISO 9797-1 padding method 2.
    PaddingMethod2,
    /// Computed with ISO 9797-1 padding method 3.
    PaddingMethod3,
    /// PIN field not combined with the PAN.
    PanNotXored,
    /// PAN field right-padded instead of left-padded.
    PanNotZeroPrefixed,
    /// PIN variant used (many card readers use it for data).
    PinVariant,
    /// PAN sequence number 01 instead of 00.
    Psn01,
    /// PVKI 0.
    Pvki0,
    /// Field 64 carries the 8 raw bytes instead of the first 8 hex characters as ASCII.
    RawBytes,
    /// Response key used for a request.
    ResponseKey,
    /// Service code 000 (CVV2) used.
    ServiceCode000,
    /// Service code 999 (iCVV) used.
    ServiceCode999,
    /// Only the left half of the double-length key was used.
    SingleDes,
    /// Single-DES DUKPT of X9.24:1998.
    SingleDes1998,
    /// Letters converted in place instead of after the digits.
    SinglePassDecimalisation,
    /// Key treated as SM4.
    Sm4Zero,
    /// Full TDES CBC-MAC (algorithm 1 with TDES) instead of retail MAC (algorithm 3).
    TdesCbcMac,
    /// The TPDU (or header) must not be part of the MAB.
    TpduIncluded,
    /// UnionPay POS ECB MAC instead of retail MAC.
    UnionpayEcb,
    /// Data variant not encrypted under itself.
    VariantOnly,
}

impl Mistake {
    /// The stable name.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// What was done, in English.
    pub fn english(self) -> &'static str {
        self.row().1
    }

    /// What was done, in Chinese.
    pub fn chinese(self) -> &'static str {
        self.row().2
    }

    /// Name, English and Chinese; one table, so that none can be forgotten.
    fn row(self) -> (&'static str, &'static str, &'static str) {
        TABLE
            .iter()
            .find(|(mistake, ..)| *mistake == self)
            .map_or(("", "", ""), |(_, code, english, chinese)| {
                (code, english, chinese)
            })
    }

    /// Every mistake there is.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(mistake, ..)| *mistake)
    }
}

type Row = (Mistake, &'static str, &'static str, &'static str);

const TABLE: &[Row] = &[
    (
        Mistake::AesCmac,
        "AES_CMAC",
        "key treated as AES, CMAC of the zero block",
        "把密钥当作 AES，对全零块做 CMAC",
    ),
    (
        Mistake::AesZero,
        "AES_ZERO",
        "key treated as AES, zero block",
        "把密钥当作 AES，加密全零块",
    ),
    (
        Mistake::AsciiPin,
        "ASCII_PIN",
        "PIN digits put in as ASCII",
        "PIN 以 ASCII 字符放入",
    ),
    (
        Mistake::CbcMac,
        "CBC_MAC",
        "plain CBC-MAC (the host-to-host interface) instead of the POS ECB MAC",
        "用了普通 CBC-MAC（主机间接口），而不是 POS 的 ECB MAC",
    ),
    (
        Mistake::CheckDigitIncluded,
        "CHECK_DIGIT_INCLUDED",
        "rightmost PAN digits taken with the check digit",
        "取 PAN 最右位数时包含了校验位",
    ),
    (
        Mistake::CmacEmpty,
        "CMAC_EMPTY",
        "CMAC of an empty message instead of the zero block",
        "对空消息做 CMAC，而不是对全零块",
    ),
    (
        Mistake::CmacTdes,
        "CMAC_TDES",
        "TDES CMAC instead of retail MAC",
        "用了 TDES CMAC，而不是 retail MAC",
    ),
    (
        Mistake::CounterOffByOne,
        "COUNTER_OFF_BY_ONE",
        "KSN counter one too high",
        "KSN 计数器多了一",
    ),
    (
        Mistake::ExpiryMmyy,
        "EXPIRY_MMYY",
        "expiry written MMYY",
        "有效期写成 MMYY",
    ),
    (
        Mistake::FillZero,
        "FILL_ZERO",
        "filled with 0 instead of F",
        "用 0 而不是 F 填充",
    ),
    (
        Mistake::HalvesSwapped,
        "HALVES_SWAPPED",
        "key halves swapped",
        "密钥左右两半颠倒",
    ),
    (
        Mistake::HexText,
        "HEX_TEXT",
        "hexadecimal text taken as the data, instead of the bytes",
        "把十六进制文本当作数据",
    ),
    (
        Mistake::IkUsed,
        "IK_USED",
        "initial key used, KSN counter ignored",
        "用了初始密钥，忽略了 KSN 计数器",
    ),
    (
        Mistake::IssuerKeyUsed,
        "ISSUER_KEY_USED",
        "issuer master key used",
        "用了发卡行主密钥",
    ),
    (
        Mistake::KeySwapped,
        "KEY_SWAPPED",
        "CVK A and B swapped",
        "CVK 的 A、B 颠倒",
    ),
    (
        Mistake::Last8Chars,
        "LAST_8_CHARS",
        "last 8 hex characters taken",
        "取了最后 8 个十六进制字符",
    ),
    (
        Mistake::Leftmost12,
        "LEFTMOST_12",
        "leftmost 12 PAN digits (VISA-4 / PLUS)",
        "取了 PAN 最左 12 位（VISA-4 / PLUS）",
    ),
    (
        Mistake::LeftHalfOnly,
        "LEFT_HALF_ONLY",
        "only the left half of the key was used",
        "只用了密钥左半",
    ),
    (
        Mistake::LegacyZero,
        "LEGACY_ZERO",
        "legacy zero-block KCV instead of CMAC",
        "用旧的全零块校验值，而不是 CMAC",
    ),
    (
        Mistake::LowercaseHex,
        "LOWERCASE_HEX",
        "the XOR block was expanded to lower-case hex",
        "异或结果展开成了小写十六进制",
    ),
    (
        Mistake::MasterKeyUsed,
        "MASTER_KEY_USED",
        "ICC master key used instead of the session key",
        "用了卡片主密钥，而不是会话密钥",
    ),
    (
        Mistake::MtiMissing,
        "MTI_MISSING",
        "the MAB must start at the message type, not at the bitmap",
        "MAB 应从消息类型开始，而不是从位图开始",
    ),
    (
        Mistake::NoHexExpansion,
        "NO_HEX_EXPANSION",
        "the XOR block was encrypted directly, without the hex expansion",
        "异或结果没有展开成十六进制就直接加密",
    ),
    (
        Mistake::NoVariant,
        "NO_VARIANT",
        "key variant not applied",
        "没有使用密钥变体",
    ),
    (
        Mistake::PaddingMethod1,
        "PADDING_METHOD_1",
        "computed with ISO 9797-1 padding method 1",
        "按 ISO 9797-1 填充方法 1 计算",
    ),
    (
        Mistake::PaddingMethod2,
        "PADDING_METHOD_2",
        "computed with ISO 9797-1 padding method 2",
        "按 ISO 9797-1 填充方法 2 计算",
    ),
    (
        Mistake::PaddingMethod3,
        "PADDING_METHOD_3",
        "computed with ISO 9797-1 padding method 3",
        "按 ISO 9797-1 填充方法 3 计算",
    ),
    (
        Mistake::PanNotXored,
        "PAN_NOT_XORED",
        "PIN field not combined with the PAN",
        "PIN 段没有与 PAN 异或",
    ),
    (
        Mistake::PanNotZeroPrefixed,
        "PAN_NOT_ZERO_PREFIXED",
        "PAN field right-padded instead of left-padded",
        "PAN 段靠左放、右边补零，而不是左边补零",
    ),
    (
        Mistake::PinVariant,
        "PIN_VARIANT",
        "PIN variant used (many card readers use it for data)",
        "数据用了 PIN 变体（许多读卡器如此）",
    ),
    (
        Mistake::Psn01,
        "PSN_01",
        "PAN sequence number 01 instead of 00",
        "PAN 序列号用了 01 而不是 00",
    ),
    (Mistake::Pvki0, "PVKI_0", "PVKI 0", "PVKI 用了 0"),
    (
        Mistake::RawBytes,
        "RAW_BYTES",
        "field 64 carries the 8 raw bytes instead of the first 8 hex characters as ASCII",
        "域 64 放了 8 个原始字节，而不是前 8 个十六进制字符的 ASCII",
    ),
    (
        Mistake::ResponseKey,
        "RESPONSE_KEY",
        "response key used for a request",
        "请求用了应答的密钥",
    ),
    (
        Mistake::ServiceCode000,
        "SERVICE_CODE_000",
        "service code 000 (CVV2) used",
        "用了服务代码 000（CVV2）",
    ),
    (
        Mistake::ServiceCode999,
        "SERVICE_CODE_999",
        "service code 999 (iCVV) used",
        "用了服务代码 999（iCVV）",
    ),
    (
        Mistake::SingleDes,
        "SINGLE_DES",
        "only the left half of the double-length key was used",
        "只用了双倍长密钥的左半",
    ),
    (
        Mistake::SingleDes1998,
        "SINGLE_DES_1998",
        "single-DES DUKPT of X9.24:1998",
        "用了 X9.24:1998 的单 DES DUKPT",
    ),
    (
        Mistake::SinglePassDecimalisation,
        "SINGLE_PASS_DECIMALISATION",
        "letters converted in place instead of after the digits",
        "字母就地换成数字，而不是排在数字之后",
    ),
    (
        Mistake::Sm4Zero,
        "SM4_ZERO",
        "key treated as SM4",
        "把密钥当作 SM4",
    ),
    (
        Mistake::TdesCbcMac,
        "TDES_CBC_MAC",
        "full TDES CBC-MAC (algorithm 1 with TDES) instead of retail MAC (algorithm 3)",
        "全程用 TDES 的 CBC-MAC（算法 1），而不是 retail MAC（算法 3）",
    ),
    (
        Mistake::TpduIncluded,
        "TPDU_INCLUDED",
        "the TPDU (or header) must not be part of the MAB",
        "MAB 不应包含 TPDU（或报文头）",
    ),
    (
        Mistake::UnionpayEcb,
        "UNIONPAY_ECB",
        "UnionPay POS ECB MAC instead of retail MAC",
        "用了银联 POS 的 ECB MAC，而不是 retail MAC",
    ),
    (
        Mistake::VariantOnly,
        "VARIANT_ONLY",
        "data variant not encrypted under itself",
        "数据密钥变体没有再用自身加密",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_share_a_name_or_a_mistake() {
        for (index, row) in TABLE.iter().enumerate() {
            let same = |other: &&Row| other.0 == row.0 || other.1 == row.1;
            assert_eq!(
                TABLE.iter().filter(same).count(),
                1,
                "row {index} {}",
                row.1
            );
        }
        assert_eq!(Mistake::all().count(), 44);
    }
}
