//! The page "The UnionPay MAC, step by step", in both languages, made from the core's own steps.
//!
//! `POSLAB_BLESS=1 cargo test` writes the pages; without it they are compared.

use poslab_core::crypto::Working;
use poslab_core::crypto::cipher::Algorithm;
use poslab_core::crypto::mac::unionpay::{UnionPaySteps, explained};
use std::fmt::Write as _;
use std::path::Path;

/// A published worked example: cnblogs q/128930, a whole 0200 request.
const MAK: &str = "0723C80DB5F4CD3D";
const MAB: &str = concat!(
    "02003020048000C080150000000000000012340000020300993030303030303031393532",
    "37313831383232313738373531353600192600000100060000000000435F011232383434",
    "31323334353637383930313233345F03063136303033365F04063230303832365C023031",
);

/// The sentences of one language.
struct Words {
    file: &'static str,
    title: &'static str,
    intro: &'static str,
    source: &'static str,
    steps: [&'static str; 7],
    table: [&'static str; 3],
    result: &'static str,
    twice: &'static str,
    blind: &'static str,
    mistakes: &'static str,
    mistake_list: [&'static str; 6],
    again: &'static str,
}

const ENGLISH: Words = Words {
    file: "unionpay-mac.md",
    title: "The UnionPay MAC, step by step",
    intro: "Field 64 of a UnionPay POS message is a MAC that people call \"ECB\". It is easy to \
            compute and easy to get wrong. Here is one message, every value on the way, computed \
            by the same code as the Bench and `poslab mac unionpay --trace`.",
    source: "The example is a published 0200 request (cnblogs q/128930) with a single-length key. \
             Both the message and the key are test data.",
    steps: [
        "**Take the message from the message type up to field 63**, bit 64 of the bitmap set. No \
         length, no TPDU, no header, no field 64. Fill up with zeros to whole blocks of 8 bytes.",
        "**XOR all blocks into one.** The last row is the sum of all rows above it.",
        "**Write the sum as hexadecimal text**, upper case: 8 bytes become 16 characters, and the \
         characters are what goes on.",
        "**Encipher the first 8 characters** with the MAC key (DES; TDES for a key of 16 bytes).",
        "**XOR that with the last 8 characters.**",
        "**Encipher again.**",
        "**Write the result as hexadecimal text and keep the first 8 characters.** They are field \
         64, as ASCII: 4 bytes of MAC in 8 bytes.",
    ],
    table: ["block", "bytes", "XOR so far"],
    result: "Field 64",
    twice: "That is all there is to \"field 64 calls DES twice\": the two calls are a CBC MAC over \
            the 16 characters. With SM4 the blocks have 16 bytes, the text has 32 characters, and \
            the first 8 characters are kept as well.",
    blind: "The XOR does not see the order of blocks: two messages with blocks exchanged have the \
            same MAC, a block that stands twice vanishes, and zeros at the end do not count. A \
            test of this project shows it. New designs use CMAC.",
    mistakes: "Usual mistakes",
    mistake_list: [
        "the sum written in lower-case hexadecimal",
        "the sum enciphered as it is, without the text",
        "the 8 raw bytes, or the last 8 characters, in field 64",
        "the TPDU or the header in front, or the message type missing",
        "only the left half of a key of 16 bytes",
        "DES in CBC over the message (that is the interface between hosts)",
    ],
    again: "`poslab mac unionpay HEX --mak @FILE --explain-mismatch VALUE` tries each of them.",
};

const CHINESE: Words = Words {
    file: "unionpay-mac.zh-CN.md",
    title: "银联 MAC，一步一步算",
    intro: "银联 POS 报文的域 64 是一种被称作“ECB 算法”的 MAC。算起来简单，算错也容易。这里用一条报文，\
            列出途中的每一个值；计算用的代码与“工作台”和 `poslab mac unionpay --trace` 相同。",
    source: "例子是公开的一条 0200 请求（cnblogs q/128930），密钥为单倍长。报文和密钥都是测试数据。",
    steps: [
        "**取从消息类型到域 63 的报文**，位图第 64 位为 1。不含长度、TPDU、报文头和域 64。末尾补零，\
         凑成 8 字节的整块。",
        "**把所有块异或成一块。** 最后一行就是上面各行之和。",
        "**把结果写成大写的十六进制文本**：8 个字节变成 16 个字符，往下用的是这些字符。",
        "**用 MAC 密钥加密前 8 个字符**（DES；16 字节密钥用 3DES）。",
        "**与后 8 个字符异或。**",
        "**再加密一次。**",
        "**把结果写成十六进制文本，取前 8 个字符。** 这就是域 64，以 ASCII 存放：4 字节的 MAC 占 8 字节。",
    ],
    table: ["块", "字节", "累计异或"],
    result: "域 64",
    twice: "所谓“域 64 调用两次 DES”就是这样：两次调用是对 16 个字符做 CBC MAC。用 SM4 时块长 16 字节，\
            文本 32 个字符，同样取前 8 个字符。",
    blind: "异或看不见块的次序：两块互换，MAC 不变；同一块出现两次就抵消；末尾的零也不算数。本项目有测试\
            演示这一点。新的设计都用 CMAC。",
    mistakes: "常见错误",
    mistake_list: [
        "异或结果写成小写十六进制",
        "异或结果不转成文本就直接加密",
        "域 64 放了 8 个原始字节，或取了最后 8 个字符",
        "前面多了 TPDU 或报文头，或少了消息类型",
        "16 字节的密钥只用了左半",
        "对报文做 DES CBC（那是主机之间的接口）",
    ],
    again: "`poslab mac unionpay HEX --mak @FILE --explain-mismatch VALUE` 会逐一尝试。",
};

/// Upper-case hexadecimal in pairs of bytes.
fn spaced(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn xor_table(made: &UnionPaySteps, words: &Words) -> String {
    let [number, bytes, sum] = words.table;
    let mut out = format!("| {number} | {bytes} | {sum} |\n| ---: | --- | --- |\n");
    let mut total = [0_u8; 8];
    for (index, block) in made.padded.as_chunks::<8>().0.iter().enumerate() {
        total.iter_mut().zip(block).for_each(|(a, b)| *a ^= b);
        let _ = writeln!(
            out,
            "| {} | `{}` | `{}` |",
            index + 1,
            spaced(block),
            spaced(&total)
        );
    }
    out
}

fn page(words: &Words) -> String {
    let mut working = Working::recording();
    let (mak, mab) = (
        hex::decode(MAK).expect("hex"),
        hex::decode(MAB).expect("hex"),
    );
    let made = explained(Algorithm::Des, &mak, &mab, &mut working).expect("a DES key");
    let (left, right) = made.ascii.split_at(8);
    let value = |name: &str| {
        working
            .value(name)
            .expect("the step is there")
            .reveal_text()
    };
    let bodies = [
        format!("```text\nMAK  {MAK}\nMAB  {}\n```\n", wrapped(MAB)),
        xor_table(&made, words),
        format!(
            "```text\nxor    {}\nascii  {}\n```\n",
            spaced(&made.xor),
            made.ascii
        ),
        format!(
            "```text\nleft   \"{left}\" = {}\nenc1   {}\n```\n",
            spaced(left.as_bytes()),
            spaced(&made.enc1)
        ),
        format!(
            "```text\nright  \"{right}\" = {}\ntemp   {}\n```\n",
            spaced(right.as_bytes()),
            spaced(&made.temp)
        ),
        format!("```text\nenc2   {}\n```\n", spaced(&made.enc2)),
        format!(
            "```text\n{}  \"{}\" = {}\n```\n",
            words.result,
            value("mac_text"),
            spaced(made.mac_text().as_bytes())
        ),
    ];
    let mut out = format!("# {}\n\n{}\n\n{}\n", words.title, words.intro, words.source);
    for (index, (step, body)) in words.steps.iter().zip(bodies).enumerate() {
        let _ = write!(out, "\n{}. {step}\n\n{}", index + 1, indented(&body));
    }
    let _ = write!(
        out,
        "\n{}\n\n{}\n\n## {}\n\n",
        words.twice, words.blind, words.mistakes
    );
    for mistake in words.mistake_list {
        let _ = writeln!(out, "- {mistake}");
    }
    let _ = write!(out, "\n{}\n", words.again);
    out
}

/// Long hexadecimal in lines of 32 bytes.
fn wrapped(text: &str) -> String {
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).expect("ASCII"))
        .collect();
    lines.join("\n     ")
}

/// A body that belongs to a numbered step.
fn indented(body: &str) -> String {
    body.lines().map(|line| format!("   {line}\n")).collect()
}

#[test]
fn the_pages_say_what_the_core_computes() {
    for words in [ENGLISH, CHINESE] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../docs")
            .join(words.file);
        let made = page(&words);
        if std::env::var_os("POSLAB_BLESS").is_some() {
            std::fs::write(&path, &made).expect("docs/ is writable");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == made,
            "{} is stale: run with POSLAB_BLESS=1",
            words.file
        );
    }
}

#[test]
fn the_example_is_the_published_one() {
    let page = page(&ENGLISH);
    assert!(
        page.contains("\"B3A092AE\""),
        "the published field 64 is not on the page"
    );
}
