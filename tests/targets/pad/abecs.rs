//! ABECS: our host against our pad, the worked examples, and everything that goes wrong.

use crate::line::{Portions, cable};
use crate::vectors::abecs_data;
use poslab_core::pad::abecs::frame::{ACK, CAN, EOT, NAK, wrap};
use poslab_core::pad::abecs::request::{command, tagged};
use poslab_core::pad::abecs::rsa::{KeyPair, PublicKey};
use poslab_core::pad::abecs::{Host, HostEvent, Pad, Profile};
use poslab_core::pad::card::Card;
use poslab_core::pad::face::{Asks, Fact};
use poslab_core::pad::secure::Vault;
use poslab_core::pad::secure::random::Random;
use poslab_core::pad::{LinkError, Protocol};

cable!(Host, Pad, HostEvent);

fn cable() -> Cable {
    let pad = Pad::new(Vault::teaching(Protocol::Abecs));
    Cable {
        host: Host::new(),
        pad,
        now: 0,
        how: Portions::Whole,
        heard: vec![],
    }
}

fn opened() -> Cable {
    let mut cable = cable();
    assert_eq!(cable.ask(b"OPN"), b"OPN000");
    cable
}

impl Cable {
    /// Sends a command that needs nobody and gives its reply.
    fn ask(&mut self, data: &[u8]) -> Vec<u8> {
        self.host.send(data, self.now);
        match self.settle().as_slice() {
            [HostEvent::Accepted, HostEvent::Reply(reply)] => reply.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Sends a command that waits for a person.
    fn start(&mut self, data: &[u8]) {
        self.host.send(data, self.now);
        assert_eq!(self.settle(), [HostEvent::Accepted]);
    }
}

fn reply(events: Vec<HostEvent>) -> String {
    match events.as_slice() {
        [HostEvent::Reply(reply)] => String::from_utf8_lossy(reply).into_owned(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pin_under_the_working_key_is_the_published_block() {
    for how in [Portions::Whole, Portions::Single] {
        let mut cable = opened();
        cable.how = how;
        cable.start(&abecs_data("GPN MKWK"));
        assert_eq!(cable.pad.face().asks, Asks::Pin { entered: 0 });
        let events = cable.press(&["1", "2", "3", "4", "enter"]);
        assert_eq!(events, [HostEvent::Reply(abecs_data("GPN reply"))]);
        assert_eq!(cable.pad.poll_event(), Some(Fact::PinTaken { digits: 4 }));
    }
}

#[test]
fn a_pin_under_dukpt_is_the_published_block_and_the_next_is_another() {
    let mut cable = opened();
    cable.start(&abecs_data("GPN DUKPT"));
    let events = cable.press(&["1", "2", "3", "4", "enter"]);
    assert_eq!(events, [HostEvent::Reply(abecs_data("GPN DUKPT reply"))]);
    cable.start(&abecs_data("GPN DUKPT"));
    let second = reply(cable.press(&["1", "2", "3", "4", "enter"]));
    assert!(second.ends_with("FFFF9876543210E00002") && !second.contains("1B9C1845EB993A7A"));
    assert_eq!(cable.ask(b"GDU003301"), b"GDU000020FFFF9876543210E00002");
}

#[test]
fn data_are_enciphered_as_published() {
    let mut cable = opened();
    let out = cable.ask(&abecs_data("EBX full"));
    assert_eq!(
        out,
        [
            b"EBX000012\x80\x4E\x00\x08".as_slice(),
            b"\x6D\xF5\x82\xF8\x49\x91\x82\x93"
        ]
        .concat()
    );
    // This vector's length says 27 where 24 bytes stand: its escape is right, its block is not.
    assert_eq!(cable.ask(&abecs_data("escape demo DSP")), b"EBX011");
    let keyless = tagged("EBX", &[(0x0F, &[0; 8]), (3, b"10"), (9, b"00")]);
    assert_eq!(cable.ask(&keyless), b"EBX019", "the working key is missing");
}

#[test]
fn statuses_are_the_published_ones() {
    let mut cable = opened();
    cable.start(&abecs_data("GPN MKWK"));
    assert_eq!(
        cable.press(&["1", "cancel"]),
        [HostEvent::Reply(abecs_data("GPN cancelled"))]
    );
    cable.start(&abecs_data("GPN MKWK"));
    cable.press(&["1"]);
    assert_eq!(cable.pass(59_999), []);
    assert_eq!(cable.pass(1), [HostEvent::Reply(abecs_data("GPN timeout"))]);
    cable.pad.vault_mut().wipe();
    assert_eq!(cable.ask(&abecs_data("GPN MKWK")), abecs_data("GPN no key"));
    assert_eq!(cable.ask(b"XYZ"), abecs_data("unknown"));
    assert_eq!(
        cable.ask(b"DSP032"),
        b"DSP011",
        "the length says more than there is"
    );
    assert_eq!(cable.ask(&tagged("CEX", &[])), b"CEX019");
    assert_eq!(
        cable.ask(b"EBX004\x00\x0F\x00\x08"),
        b"EBX011",
        "a field that does not divide"
    );
}

#[test]
fn commands_before_open_are_refused_and_clx_closes() {
    let mut cable = cable();
    assert_eq!(cable.ask(b"DSP000"), b"DSP010");
    assert_eq!(cable.ask(b"OPN"), abecs_data("OPN000"));
    assert_eq!(cable.ask(b"DSP005HELLO"), b"DSP000");
    assert_eq!(cable.pad.face().lines, ["HELLO"]);
    assert_eq!(cable.ask(&abecs_data("CLX none")), b"CLX000");
    assert_eq!(cable.pad.face().lines, [""]);
    assert_eq!(cable.ask(b"GKY"), b"GKY010");
}

/// An independent client sends CLO without its block and DSP with other lengths than 32.
#[test]
fn what_other_hosts_get_wrong_is_tolerated() {
    let mut cable = opened();
    for text in [
        "17 characters lon",
        "19 characters long.",
        "    SENHA OK!       PROCESSANDO...  ",
    ] {
        let request = command("DSP", &[text.as_bytes()]);
        assert_eq!(cable.ask(&request), b"DSP000", "{text}");
    }
    for method in [b'0', b'2'] {
        let name = if method == b'0' {
            "GPN MKWK"
        } else {
            "GPN DUKPT"
        };
        let mut request = abecs_data(name);
        request[6] = method;
        cable.start(&request);
        assert!(reply(cable.press(&["1", "2", "3", "4", "enter"])).starts_with("GPN000036"));
    }
    assert_eq!(cable.ask(b"CLO"), b"CLO000");
}

#[test]
fn information_comes_in_both_forms() {
    let mut cable = opened();
    let gin = cable.ask(&abecs_data("GIN00"));
    assert_eq!((gin.len(), &gin[..9]), (109, b"GIN000100".as_slice()));
    for (index, len) in [("02", 42), ("03", 42), ("07", 42)] {
        let reply = cable.ask(&command("GIN", &[index.as_bytes()]));
        assert_eq!(reply.len(), 9 + len, "GIN {index}");
    }
    let gix = cable.ask(&abecs_data("GIX SN+maker"));
    assert_eq!(
        gix,
        b"GIX000024\x80\x01\x00\x0ASIM0000001\x80\x04\x00\x06POSLAB"
    );
    let all = cable.ask(&abecs_data("GIX all"));
    assert!(all.len() > 500 && all.starts_with(b"GIX000"));
    let unknown = tagged("GIX", &[(1, &[0x80, 0x34, 0x91, 0x0E])]);
    assert_eq!(
        cable.ask(&unknown),
        b"GIX000",
        "what is not there is left out"
    );
    let many: Vec<u8> = [0x80, 0x5A].repeat(3);
    assert_eq!(
        cable.ask(&tagged("GIX", &[(1, &many)])),
        b"GIX045",
        "too much for one reply"
    );
}

#[test]
fn keys_menus_and_digits() {
    let mut cable = opened();
    for (key, status) in [
        ("enter", "000"),
        ("f1", "004"),
        ("f4", "007"),
        ("clear", "008"),
        ("cancel", "013"),
    ] {
        cable.start(b"GKY");
        assert_eq!(cable.press(&["5"]), [], "digits are not for the host");
        assert_eq!(reply(cable.press(&[key])), format!("GKY{status}"));
    }
    let menu = tagged(
        "MNU",
        &[
            (0x1B, b"Selecione:"),
            (0x20, b"5.Tecnico"),
            (0x20, b"1.Consultas"),
            (0x20, b"Voltar"),
        ],
    );
    cable.start(&menu);
    assert_eq!(reply(cable.press(&["1"])), "MNU000006\u{FFFD}M\0\u{2}02");
    cable.start(&menu);
    assert_eq!(
        cable.pad.face().lines,
        ["Selecione:", ">5.Tecnico", " 1.Consultas", " Voltar"]
    );
    assert_eq!(
        reply(cable.press(&["up", "enter"])),
        "MNU000006\u{FFFD}M\0\u{2}03"
    );
    let ask = tagged(
        "GCD",
        &[(0x0B, &[0, 9]), (0x0D, &[2]), (0x0E, &[3]), (0x0C, &[60])],
    );
    cable.start(&ask);
    assert_eq!(cable.pad.face().lines, ["DIGITE O RG", ""]);
    assert_eq!(cable.press(&["1", "enter", "2", "3", "4", "clear"]), []);
    assert_eq!(
        reply(cable.press(&["9", "enter"])),
        "GCD000007\u{FFFD}M\0\u{3}129"
    );
    cable.start(&ask);
    assert_eq!(reply(cable.pass(60_000)), "GCD012");
}

#[test]
fn cards_are_masked_and_given_away_once() {
    let mut cable = opened();
    let card = || Card::new("9999910000000002", "3012").expect("a card");
    let request = tagged("CEX", &[(6, b"010000"), (0x23, b"0604")]);
    cable.start(&request);
    assert_eq!(cable.press(&["enter"]), [], "keys do not count");
    cable.pad.swipe(card());
    let seen = reply(cable.settle());
    assert!(
        seen.contains("999991******0002=3012101") && !seen.contains("9999910000000002"),
        "{seen}"
    );
    assert!(!seen.contains("30121010"), "discretionary data stay inside");
    let tracks = cable.ask(&tagged("GTK", &[(7, b"0010")]));
    assert!(
        tracks.starts_with(
            b"GTK000021\x80\x45\x00\x11\x99\x99\x91\x00\x00\x00\x00\x02\xD3\x01\x21\x01"
        )
    );
    assert_eq!(cable.ask(b"GTK"), b"GTK010", "only once");
    cable.start(&abecs_data("CEX mag 30s"));
    cable.pad.swipe(Card::unreadable());
    assert_eq!(reply(cable.settle()), "CEX000006\u{FFFD}@\0\u{2}90");
    cable.start(&abecs_data("CEX mag 30s"));
    assert_eq!(reply(cable.pass(30_000)), "CEX012");
    cable.start(b"CKE003010");
    cable.pad.swipe(card());
    assert_eq!(reply(cable.settle()).len(), 9 + 225);
}

#[test]
fn chip_and_table_commands_answer_their_status() {
    let mut cable = opened();
    for id in ["GED", "GOX", "FCX", "GOC", "FNC", "CNG"] {
        assert_eq!(cable.ask(id.as_bytes()), format!("{id}010").as_bytes());
    }
    assert_eq!(cable.ask(b"GTS00200"), b"GTS0000100000000000");
    assert_eq!(cable.ask(b"TLR00201"), b"TLR010");
    assert_eq!(cable.ask(b"TLI01200TABVER0008"), b"TLI020");
    assert_eq!(cable.ask(b"TLR00701005AB"), b"TLR000");
    assert_eq!(cable.ask(b"TLR00701099AB"), b"TLR021");
    assert_eq!(cable.ask(b"TLE"), b"TLE000");
    assert_eq!(cable.ask(b"GTS00200"), b"GTS000010TABVER0008");
    assert_eq!(cable.ask(b"TLI01200TABVER0008"), b"TLI000");
    let gcr = |version: &str| format!("GCR040009900000000283714072411392{version}0000");
    assert_eq!(
        cable.ask(gcr("2TABVER091").as_bytes()),
        b"GCR011",
        "a wrong length"
    );
    let gcr = |version: &str| format!("GCR0400099000000002837140724113922{version}00");
    assert_eq!(cable.ask(gcr("TABVER0918").as_bytes()), b"GCR020");
    cable.start(b"GCR");
    cable
        .pad
        .swipe(Card::new("9999910000000002", "3012").expect("a card"));
    assert_eq!(reply(cable.settle()).len(), 9 + 352);
    cable.start(b"GCX");
    cable.pad.set_chip(true);
    assert_eq!(reply(cable.settle()), "GCX070");
    assert_eq!(cable.ask(b"CHP00501000"), b"CHP060");
    cable.start(&command("RMC", &[b"RETIRE"]));
    cable.pad.set_chip(false);
    assert_eq!(reply(cable.settle()), "RMC000");
    assert_eq!(cable.ask(b"CHP00501000"), b"CHP043");
}

#[test]
fn notices_come_while_a_pin_is_typed() {
    let pad = Pad::new(Vault::teaching(Protocol::Abecs)).with_profile(Profile {
        notices: true,
        ..Profile::default()
    });
    let mut cable = Cable { pad, ..opened() };
    cable.ask(b"OPN");
    cable.start(&abecs_data("GPN MKWK"));
    let events = cable.press(&["1", "2", "3", "4"]);
    assert_eq!(
        events.last(),
        Some(&HostEvent::Notice("PIN: ****".to_owned()))
    );
    assert!(cable.heard.ends_with(&wrap(&abecs_data("NTM"))));
}

/// ABECS 2.20, 3.2.2: modulus, private exponent and cryptogram of the worked example.
const MODULUS: &str = "A82A660B3C49226EFCDABA7FC68066B83D23D0560EDA3A12B63E9132F299FBF340A5AEBC4CD5DC1F14873F83A80BA9A88D3FEABBAB41DFFC1944BBBAA89F26AF9CC28FF31C497EB91D82F8613E7463C47529FBD1925FD3326A8DC027704DA68860E68BD0A1CEA8DE6EC75604CD3D9A6AF38822DE45AAA0C9FBF2BD4783B0F9A81F6350C0188156F908FAB1F559CFCE1F91A393431E8BF2CD78C04BD530DB441091CDFFB400DAC08B1450DB65C00E2D4AF4E9A85A1A19B61F550F0C289B14BD63DF8A1539A8CF629F98F88EA944D9056675000F95BFD0FEFC56F9D9D66E2701BDBD71933191AE9928F5D623FE8B99ECC777444FFAA83DE456F5C8D3C83EC511AF";
const PRIVATE: &str = "40ADD87A79A5F98D262CBDE2600A001F79FA150D682C8C7D59C94B89BFC512227B536A97313E8FBD2F47B5F78F66F27BE78EBCBE558F7D88587CE5BDF215D3CD63AD4B0EBC1C446E95325F87DCF1B037DE4B3977FD388C4E77C05D9903CF18AA9B6C5D28DBC5A3693E4CAAEE278DD8EE0EE59741CC068C9C7498702F32A687676BA0D102ADF170455DE26B716E0AC1CA139371D0B5275F0B93F7079F2F9CF01D21D6C0D41E212E20FE40C1E3AFAF73473F5B7C167901A95B4944804EDCD68D4CA4E2C5D33CBF88AC42712CED32479A036B489F3823D8B863FA9CEB9E5A4CEDABAD251911D4F920D15D72B547A0AD21276E9CFD79F87B830C32B7650568D8EBD5";
const CRYPTOGRAM: &str = "4E5805E5ACF3BE4A3FD27300E682DDB028DC43223D6D2E59DB12BCB52D238D1875CF19A69FE4052B7FED0160ADF3006D8D66156AA1A0A55E2F1A045322FED5945B2F4A7A6E66C8D2FA97479D31B106FEC1A59370184AC6373B1053DA9BE7DC01B2AA18C208E1C0779C0CCD7D4496E5326E98AE744CCC58CA7B4630D96DD37FB7B79D6FBA793018C92C61516939CCA12D19241461605D589082BB5ED79E5AE720C9DCC07250FEE527D18AD8AB3749E2EE0D48D9BC2E0AED75AD749E11A379C37B68401048AD79DE254E0B45E143EBD0797C83F7AD88D255F19153C80B159BEA4F5E604EFA98D09193FB9BE4FE922BC1D1BFD9791E7764C625AE3E85BDCC8903BD";

fn published_pair() -> KeyPair {
    let modulus = hex::decode(MODULUS).expect("hex");
    let private = hex::decode(PRIVATE).expect("hex");
    KeyPair::new(
        PublicKey {
            modulus,
            exponent: vec![0x0D],
        },
        &private,
    )
}

#[test]
fn the_published_cryptogram_opens_to_the_published_session_key() {
    let opened = published_pair().decipher(&hex::decode(CRYPTOGRAM).expect("hex"));
    let key = hex::decode("DB3B4D015432AB3223555A1F81759A94").expect("hex");
    assert_eq!(opened, Some(key));
}

#[test]
fn a_whole_session_over_the_secure_channel() {
    let pair = published_pair();
    let mut cable = cable();
    let request = Host::secure_request(&pair);
    assert_eq!(&request[..10], b"OPN5190256");
    let answer = cable.ask(&request);
    assert_eq!(cable.host.secure(&answer, &pair), Ok(true));
    cable.heard.clear();
    cable.start(&abecs_data("GPN MKWK"));
    let events = cable.press(&["1", "2", "3", "4", "enter"]);
    assert_eq!(events, [HostEvent::Reply(abecs_data("GPN reply"))]);
    let clear_block = b"BE58BB5C6D12149C";
    assert!(
        !cable.heard.windows(16).any(|w| w == clear_block),
        "the line shows no block"
    );
    assert_eq!(cable.ask(&abecs_data("CLX none")), b"CLX000");
    assert!(!cable.pad.secure());
}

#[test]
fn a_pair_made_here_opens_a_channel_too() {
    let pair = KeyPair::generate(&mut Random::new([7; 16]));
    assert_eq!(pair.public().modulus.len(), 256);
    let mut cable = cable();
    let answer = cable.ask(&Host::secure_request(&pair));
    assert_eq!(cable.host.secure(&answer, &pair), Ok(true));
    assert_eq!(cable.ask(b"DSP002OK"), b"DSP000");
}

#[test]
fn clear_and_damaged_commands_while_secure() {
    let pair = published_pair();
    let mut cable = cable();
    let answer = cable.ask(&Host::secure_request(&pair));
    cable.pad.feed(&wrap(b"GKY"), 0);
    assert_eq!(sent(&mut cable.pad), [vec![ACK], wrap(b"GKY009")].concat());
    assert!(
        cable.pad.secure(),
        "a clear command does not end the channel"
    );
    cable.pad.feed(&wrap(b"\x12sixteen bytes 16"), 0);
    assert_eq!(sent(&mut cable.pad), [vec![ACK], wrap(b"ERR009")].concat());
    assert!(!cable.pad.secure(), "a damaged one does");
    assert_eq!(cable.host.secure(&answer, &pair), Ok(true));
    cable.host.send(b"GKY", 0);
    assert_eq!(
        cable.settle(),
        [HostEvent::Accepted, HostEvent::Reply(b"ERR003".to_vec())]
    );
}

#[test]
fn an_old_pad_has_no_channel() {
    let mut host = Host::new();
    assert_eq!(host.secure(b"OPN000", &published_pair()), Ok(false));
    assert_eq!(
        host.secure(b"OPN000003256", &published_pair()),
        Err(LinkError::SecureChannel)
    );
}

fn sent(pad: &mut Pad) -> Vec<u8> {
    std::iter::from_fn(|| pad.poll_transmit())
        .flatten()
        .collect()
}

#[test]
fn the_pad_refuses_damage_after_silence_and_sends_again_on_nak() {
    let mut pad = Pad::new(Vault::teaching(Protocol::Abecs));
    let mut bad = wrap(b"OPN");
    bad[2] ^= 0x20;
    pad.feed(&bad, 0);
    pad.feed(&wrap(b"OPN"), 400);
    assert!(
        sent(&mut pad).is_empty(),
        "what comes before the silence is thrown away"
    );
    pad.handle_timeout(899);
    assert!(sent(&mut pad).is_empty());
    pad.handle_timeout(900);
    assert_eq!(sent(&mut pad), [NAK]);
    pad.feed(&wrap(b"OPN"), 1000);
    let good = [vec![ACK], abecs_frame("OPN000")].concat();
    assert_eq!(sent(&mut pad), good);
    pad.feed(&[NAK, NAK], 1100);
    assert_eq!(sent(&mut pad), abecs_frame("OPN000").repeat(2));
    assert_eq!(pad.poll_event(), Some(Fact::BadCheck));
}

fn abecs_frame(name: &str) -> Vec<u8> {
    wrap(&abecs_data(name))
}

#[test]
fn noise_gaps_and_glued_frames() {
    let mut pad = Pad::new(Vault::teaching(Protocol::Abecs));
    let glued = [
        b"\xFF\x00noise".to_vec(),
        wrap(b"OPN"),
        wrap(b"DSP002HI"),
        vec![CAN],
    ]
    .concat();
    pad.feed(&glued, 0);
    let want = [
        vec![ACK],
        wrap(b"OPN000"),
        vec![ACK],
        wrap(b"DSP000"),
        vec![EOT],
    ]
    .concat();
    assert_eq!(sent(&mut pad), want);
    pad.feed(&wrap(b"DSP002HO")[..5], 100);
    assert_eq!(pad.poll_timeout(), Some(1600));
    pad.handle_timeout(1600);
    pad.handle_timeout(2100);
    assert_eq!(
        sent(&mut pad),
        [NAK],
        "half a frame is refused after its gap and the silence"
    );
}

#[test]
fn cancel_and_a_new_command_both_end_a_pin() {
    let mut cable = opened();
    cable.start(&abecs_data("GPN MKWK"));
    cable.press(&["1", "2"]);
    cable.host.cancel(cable.now);
    assert_eq!(cable.settle(), [HostEvent::Ready]);
    assert_eq!(cable.pad.face().asks, Asks::Nothing);
    assert_eq!(cable.press(&["3", "4", "enter"]), []);
    cable.start(&abecs_data("GPN MKWK"));
    assert_eq!(cable.ask(b"DSP002HI"), b"DSP000");
    assert_eq!(cable.press(&["1", "2", "3", "4", "enter"]), []);
}

#[test]
fn the_host_gives_up_in_order() {
    let mut host = Host::new();
    host.cancel(0);
    for at in [2000, 4000, 6000] {
        assert_eq!(host.poll_transmit(), Some(vec![CAN]));
        assert_eq!(host.poll_timeout(), Some(at));
        host.feed(b"\x06\x15noise", at - 1);
        host.handle_timeout(at);
    }
    let silence = LinkError::NoAnswer {
        awaited: "eot",
        waited_ms: 6000,
    };
    assert_eq!(host.poll_event(), Some(HostEvent::Failed(silence)));
    host.send(b"OPN", 0);
    host.feed(&[NAK, NAK, NAK, NAK], 10);
    assert_eq!(std::iter::from_fn(|| host.poll_transmit()).count(), 3);
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Failed(LinkError::Refused { times: 3 }))
    );
    host.send(b"OPN", 0);
    host.handle_timeout(2000);
    let silence = LinkError::NoAnswer {
        awaited: "ack",
        waited_ms: 2000,
    };
    assert_eq!(host.poll_event(), Some(HostEvent::Failed(silence)));
}

#[test]
fn the_host_refuses_damaged_replies_three_times() {
    let mut host = Host::new();
    host.send(b"OPN", 0);
    host.feed(&[ACK], 0);
    let mut bad = wrap(b"OPN000");
    bad[3] ^= 1;
    let mut now = 0;
    for _ in 0..3 {
        host.feed(&bad, now);
        now += 500;
        host.handle_timeout(now);
    }
    let out: Vec<_> = std::iter::from_fn(|| host.poll_transmit()).collect();
    assert_eq!(out, [wrap(b"OPN"), vec![NAK], vec![NAK]]);
    assert_eq!(host.poll_event(), Some(HostEvent::Accepted));
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Failed(LinkError::Garbled { times: 3 }))
    );
    host.send(b"OPN", now);
    host.feed(&[&[ACK][..], &wrap(b"OPN000")].concat(), now);
    assert_eq!(host.poll_event(), Some(HostEvent::Accepted));
    assert_eq!(
        host.poll_event(),
        Some(HostEvent::Reply(b"OPN000".to_vec()))
    );
    host.send(b"GKY", now);
    host.feed(&[ACK], now);
    assert_eq!(host.poll_timeout(), None, "a person may take for ever");
}
