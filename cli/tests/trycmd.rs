//! Every command shown in `tests/cmd/*.md` is run, and must print what stands there.

#[test]
fn commands_print_what_the_files_say() {
    trycmd::TestCases::new()
        .env("LANG", "C")
        .env("LC_ALL", "")
        .env("LC_MESSAGES", "")
        .case("tests/cmd/*.md");
}
