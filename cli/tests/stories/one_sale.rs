//! One sale, byte by byte: the shipped scenario `sale`, from the card to the slip.

use super::page::{Lang, Run, shown};
use poslab_core::trace::What;
use std::fmt::Write as _;

/// Keys of the world, published test keys: those of terminal 10000001 and of the line to the switch.
const PIK: &str = "807A23AD32B36D457AE91FDF927570EA";
const MAK: &str = "5BB5C72CD00B7338";
const ZPK: &str = "04D62C1C9B10B00D31CB9D102985E562";
const IMK: &str = "34F8290457BF926DAE2A0EB39BFDA7A8";
const PAN: &str = "9999900000000000013";

/// One step of the page.
struct Step {
    title: (&'static str, &'static str),
    prose: (&'static str, &'static str),
    /// Index of the event the theatre opens at.
    event: usize,
    command: String,
    keep: fn(&str) -> bool,
}

fn all(_: &str) -> bool {
    true
}

/// Lines of the log after the sign-on.
fn of_the_sale(line: &str) -> bool {
    line.starts_with(' ') || line >= "09:30:04"
}

pub fn page(lang: Lang) -> String {
    let run = Run::of("sale", |_| {});
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# {}\n",
        lang.pick("One sale, byte by byte", "一笔消费，逐字节看")
    );
    let _ = writeln!(
        out,
        "{}\n",
        lang.pick(
            "Ms Lin buys something for 123.45 yuan and types her PIN. Here is everything that \
             travels until the slip prints: each step says what happens, shows a command that \
             prints it, and links to the same moment in the theatre (the links open the page that \
             `cargo xtask serve` shows). The keys and the card are test data of the simulated \
             world; a test runs every command and compares what it prints.",
            "林女士消费 123.45 元并输入密码。这里列出签购单打印之前经过的一切：每一步说明发生了什么，\
             给出能打印它的命令，并链接到剧场中的同一时刻（链接打开 `cargo xtask serve` 提供的页面）。\
             密钥与卡均为模拟世界的测试数据；测试会运行每条命令并比对输出。"
        )
    );
    for (number, step) in steps(&run).into_iter().enumerate() {
        let title = lang.pick(step.title.0, step.title.1);
        let _ = writeln!(out, "## {}. {title}\n", number + 1);
        let _ = writeln!(out, "{}\n", lang.pick(step.prose.0, step.prose.1));
        let open = lang.pick("open this moment in the theatre", "在剧场中打开这一时刻");
        let _ = writeln!(out, "[{open}]({})\n", run.link(step.event));
        let _ = writeln!(out, "{}", shown(&step.command, lang, step.keep));
    }
    let _ = writeln!(
        out,
        "{}",
        lang.pick(
            "Next: [why the reversal is written first](reversal-first.md).",
            "接下来：[为什么先写冲正](reversal-first.zh-CN.md)。"
        )
    );
    out
}

/// The value of a tag of the request's F55, or of a field, cut out of the frame by its mark.
fn after<'a>(frame: &'a str, mark: &str, digits: usize) -> &'a str {
    let at = frame.find(mark).expect("the frame has it") + mark.len();
    &frame[at..at + digits]
}

fn steps(run: &Run) -> Vec<Step> {
    let (terminal, front_end) = ("terminal", "front-end");
    let order = run.find(2, |e| matches!(e.what, What::Order { order: 2, .. }));
    let prompt = run.find(order, |e| matches!(e.what, What::Screen { .. }));
    let record = run.find(order, |e| {
        matches!(
            e.what,
            What::Persist {
                record: "reversal-record"
            }
        )
    });
    let asked = run.message(order, terminal, "nac", "0200");
    let up = run.message(order, "nac", front_end, "0200");
    let begun = run.find(up, |e| matches!(e.what, What::Persist { .. }));
    let switched = run.message(order, front_end, "switch", "0200");
    let on = run.message(order, "switch", "issuer", "0200");
    let decided = run.find(order, |e| matches!(e.what, What::Decision { .. }));
    let posted = run.find(order, |e| matches!(e.what, What::Ledger { .. }));
    let answered = run.message(order, "issuer", "switch", "0210");
    let credited = run.find(answered, |e| matches!(e.what, What::Ledger { .. }));
    let back = run.message(order, "nac", terminal, "0210");
    let printed = run.find(back, |e| matches!(e.what, What::Print { .. }));
    let frame = run.frame(asked);
    // F52 and F53 stand between currency 156 and F55.
    let block = after(&frame, "313536", 16);
    let mut out = Vec::new();
    let mut step = |title, prose, event, command: String, keep| {
        out.push(Step {
            title,
            prose,
            event,
            command,
            keep,
        });
    };
    step(
        ("The card goes in", "插卡"),
        (
            "The cashier keys in the amount, the chip is read, and the pad asks for the PIN, the \
             amount on its own screen. The terminal never sees a digit.",
            "收银员输入金额，读取芯片，密码键盘在自己的屏幕上显示金额并要求输密。终端看不到任何一位密码。",
        ),
        prompt,
        "poslab run sale --node pin-pad --until 10".to_owned(),
        all,
    );
    step(
        ("The PIN becomes eight bytes", "密码变成八个字节"),
        (
            "The pad makes a format 0 block of PIN and card number and enciphers it under the PIK. \
             It can be opened only where the key is; with the test key, here it is.",
            "键盘把密码与卡号组成 0 型密码块，用 PIK 加密。只有持有密钥处才能打开；这里用测试密钥打开看看。",
        ),
        prompt,
        format!("poslab pin decipher {block} --key {PIK} --test-data"),
        all,
    );
    step(
        ("The reversal is written", "先写冲正"),
        (
            "Before a byte leaves, the terminal writes one record: the next trace number, the whole \
             request, and the reversal that will be owed if nobody answers.",
            "在任何字节发出之前，终端写下一条记录：下一个流水号、整个请求，以及若无应答则欠下的冲正。",
        ),
        record,
        "poslab run sale --node terminal --until 6".to_owned(),
        |line| of_the_sale(line) && !line.starts_with(' ') && line < "09:30:05.6",
    );
    step(
        ("0200: the sale leaves", "0200：消费报文发出"),
        (
            "Length, TPDU, header, message type, bitmap, fields; every byte has its place. Field 55 \
             holds the chip's cryptogram, field 64 the MAC under the MAK, which the command checks.",
            "长度、TPDU、报文头、消息类型、位图、各域：每个字节都有归属。域 55 含卡片密文，域 64 是 MAK 下\
             的 MAC，命令会验证它。",
        ),
        asked,
        format!("poslab decode --mak {MAK} --test-data --hex {frame}"),
        all,
    );
    step(
        ("The NAC readdresses it", "NAC 改写地址"),
        (
            "The network access controller puts its own line's address where the terminal's source \
             stood, so that it knows where the answer belongs. Nothing else changes; the MAC does \
             not cover the TPDU.",
            "网络接入控制器把源地址改为自己线路的地址，以便应答找到归处。其余不变；MAC 不覆盖 TPDU。",
        ),
        up,
        format!("poslab frame describe --hex {}", run.frame(up)),
        all,
    );
    step(
        ("The front end checks and begins", "前置机检查并开始"),
        (
            "Terminal, merchant, format, batch, MAC, repeat, PIN block, original: in this order. \
             Then the trade is in its journal as \"in flight\", and only then goes on.",
            "依次检查终端、商户、格式、批次、MAC、重复、密码块、原交易。随后流水记为“在途”，然后才继续。",
        ),
        begun,
        "poslab run sale --node front-end --until 6".to_owned(),
        of_the_sale,
    );
    step(
        ("The PIN changes its key", "密码换密钥"),
        (
            "Inside the front end's secure part the block is opened under the PIK and closed under \
             the key of the line to the switch. What comes out is field 52 of the next message.",
            "在前置机的安全部分，密码块用 PIK 打开，再用到交换中心线路的密钥封上。结果就是下一条报文的域 52。",
        ),
        switched,
        format!(
            "poslab pin translate {block} --from-format 0 --from-pan {PAN} --from-key {PIK} \
             --to-format 0 --to-pan {PAN} --to-key {ZPK} --test-data"
        ),
        all,
    );
    step(
        ("0200 again, in another dialect", "又一个 0200，换了方言"),
        (
            "Towards the switch the same sale is 128 fields in ASCII, with the front end's own \
             trace number, the moment of transmission, and a MAC of its own in field 128.",
            "发往交换中心时，同一笔消费是 ASCII 的 128 域报文：前置机自己的流水号、传输时间，以及域 128 中\
             另一个 MAC。",
        ),
        switched,
        format!("poslab decode --hex {}", run.frame(switched)),
        all,
    );
    step(
        ("The switch routes it", "交换中心选路"),
        (
            "The first digits of the card choose the issuer; of two lines the rules take one. The \
             PIN changes its key once more.",
            "按卡号前几位选择发卡行；两条线路按规则取一条。密码再换一次密钥。",
        ),
        on,
        "poslab run sale --node switch --until 6".to_owned(),
        all,
    );
    step(
        ("The issuer decides", "发卡行决定"),
        (
            "Status, expiry, the chip's cryptogram, the PIN, limit and balance, in this order. The \
             decision, the posting and the answer are one record.",
            "依次检查状态、有效期、卡片密文、密码、限额与余额。决定、记账与应答是同一条记录。",
        ),
        decided,
        "poslab run sale --node issuer --until 6".to_owned(),
        all,
    );
    step(
        ("The chip's own key", "卡片自己的密钥"),
        (
            "The chip signed the amount, the date and a random number with a key that only it and \
             its issuer can make: from the issuer's master key and the card number.",
            "卡片用只有它和发卡行能算出的密钥对金额、日期与随机数签名：由发卡行主密钥和卡号推导。",
        ),
        posted,
        format!("poslab emv card-key --imk {IMK} --pan {PAN} --psn 01 --test-data"),
        all,
    );
    step(
        ("0210: approved", "0210：批准"),
        (
            "The answer carries 00, an authorisation code, and in field 55 the issuer's own \
             cryptogram, by which the chip will know that the issuer has spoken.",
            "应答带有 00、授权码，域 55 中是发卡行的密文，卡片凭它确认发卡行已答复。",
        ),
        answered,
        format!("poslab decode --hex {}", run.frame(answered)),
        all,
    );
    step(
        ("The acquirer owes the merchant", "收单方欠商户款"),
        (
            "The front end writes the answer and the posting in one record: the acquirer has a \
             claim against the switch, the merchant one against the acquirer.",
            "前置机把应答与记账写在同一条记录：收单方对交换中心有债权，商户对收单方有债权。",
        ),
        credited,
        "poslab run sale --node front-end --until 6".to_owned(),
        |line| line.contains(": 1000") || line.contains("decides") || line.contains("决定"),
    );
    step(
        ("0210 comes back", "0210 返回"),
        (
            "The same four fields as in the request, the host's date and time, 00, and a MAC under \
             the same key. The terminal checks number, MAC, echo, in this order.",
            "与请求相同的要素、主机日期时间、00，以及同一密钥下的 MAC。终端依次检查流水号、MAC、要素。",
        ),
        back,
        format!(
            "poslab decode --mak {MAK} --test-data --hex {}",
            run.frame(back)
        ),
        all,
    );
    step(
        ("Journal, then paper", "先记流水，后出纸"),
        (
            "The chip verifies the issuer. Then one record writes the journal entry and takes the \
             reversal away, and only then the slip prints: whatever is on paper is in the books.",
            "卡片验证发卡行。随后一条记录同时写入流水并清除冲正，然后才打印：凡印在纸上的，都在账里。",
        ),
        printed,
        "poslab run sale --node terminal".to_owned(),
        |line| {
            line.contains("verif")
                || line.contains("验证")
                || line.contains("journal")
                || line.contains("流水")
                || line.contains('|')
                || line.contains("prints")
                || line.contains("打印")
        },
    );
    out
}
