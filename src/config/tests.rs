use super::*;

fn load(text: &str, env: &Env) -> Result<Config, ConfigError> {
    let (raw, warnings) = raw::merge(Some((PathBuf::from("c.toml"), text.to_owned())), env)?;
    resolve(raw, warnings, &Flags::default(), env, Dirs::below(Path::new("/home/maya")))
}

#[test]
fn defaults_need_no_file() {
    let config = load("", &Env::default()).expect("defaults");
    assert!(!config.database.named);
    assert_eq!(config.database.url, "sqlite:///home/maya/data/coursevia.db");
    assert_eq!(config.mail.route, MailRoute::Folder(PathBuf::from("/home/maya/data/mail")));
    assert!(config.ui.mouse);
    assert!(config.warnings.is_empty());
}

#[test]
fn the_environment_beats_the_file() {
    let text = "database_url = \"sqlite:///a.db\"\n[ui]\nmouse = true\n[sandbox]\nport = 1\n";
    let env = Env::of([
        ("COURSEVIA_DATABASE_URL", "sqlite:///b.db"),
        ("COURSEVIA_UI__MOUSE", "false"),
        ("COURSEVIA_SANDBOX__PORT", "9000"),
        ("COURSEVIA_MAIL__FROM", "a@example.org"),
    ]);
    let config = load(text, &env).expect("fine");
    assert_eq!(config.database.url, "sqlite:///b.db");
    assert!(!config.ui.mouse);
    assert_eq!(config.sandbox.port, 9000);
    assert_eq!(config.mail.from, "a@example.org");
}

#[test]
fn a_wrong_value_names_line_and_key() {
    let error = load("[ui]\ntheme = \"dark\"\nmouse = \"yes\"\n", &Env::default()).expect_err("wrong");
    assert_eq!(error.to_string(), "c.toml:3: mouse: this must be true or false, not string \"yes\"");
}

#[test]
fn broken_toml_names_the_line() {
    let error = load("[ui]\ntheme = \n", &Env::default()).expect_err("broken").to_string();
    assert!(error.starts_with("c.toml:2: theme"), "{error}");
}

#[test]
fn an_unknown_key_is_a_warning_with_its_line() {
    let config = load("[ui]\nmouse = true\n\n[mial]\nfrom = \"x\"\n", &Env::default()).expect("fine");
    assert_eq!(config.warnings, ["c.toml:4: mial is not a setting; it has no effect"]);
}

#[test]
fn an_unknown_variable_is_a_warning() {
    let config = load("", &Env::of([("COURSEVIA_THEME", "dark")])).expect("fine");
    assert_eq!(
        config.warnings,
        ["the environment variable COURSEVIA_THEME is not a setting; it has no effect"]
    );
}

#[test]
fn a_wrong_variable_is_named() {
    let error = load("", &Env::of([("COURSEVIA_SANDBOX__PORT", "high")])).expect_err("wrong").to_string();
    assert!(error.starts_with("the environment variable COURSEVIA_SANDBOX__PORT:"), "{error}");
}

#[test]
fn secrets_stay_out_of_debug_and_warnings() {
    let env = Env::of([("COURSEVIA_SMTP_URL", "smtps://u:hidden@example.org")]);
    let text = "database_url = \"postgres://u:hidden@db/x\"\n[mail]\nsmtp_url_env = \"COURSEVIA_SMTP_URL\"\n";
    let config = load(text, &env).expect("fine");
    assert!(!format!("{config:?}").contains("hidden"));
    assert!(config.warnings[0].contains("holds a password"));
    assert!(matches!(config.mail.route, MailRoute::Smtp(_)));
}

#[test]
fn smtp_without_its_variable_is_sent_elsewhere() {
    let config = load("[mail]\nsmtp_url_env = \"COURSEVIA_SMTP_URL\"\n", &Env::default()).expect("fine");
    assert_eq!(config.mail.route, MailRoute::Elsewhere);
}

#[test]
fn no_color_beats_the_theme() {
    let config = load("[ui]\ntheme = \"light\"\n", &Env::of([("NO_COLOR", "1")])).expect("fine");
    assert_eq!(config.ui.theme, ThemeChoice::None);
}

#[test]
fn problems_are_told_in_plain_words() {
    for (text, words) in [
        ("[sandbox]\nport = 99999\n", "c.toml:2: port: this must be a whole number from 0 to 65535, not"),
        ("mail = 3\n", "c.toml:1: mail: this must be a table of settings, not integer `3`"),
        ("[ui]\ntheme = \"blue\"\n", "c.toml:2: theme: `blue` is not possible; choose one of `auto`"),
        ("[ui]\nmouse = true\nmouse = false\n", "c.toml:3: mouse: duplicate key"),
    ] {
        let error = load(text, &Env::default()).expect_err(text).to_string();
        assert!(error.starts_with(words), "{error}");
    }
    let error = load("", &Env::of([("COURSEVIA_SANDBOX__PORT", "abc")])).expect_err("wrong").to_string();
    assert!(error.contains("a whole number from 0 to 65535") && !error.contains("u16"), "{error}");
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let env = Env::of([("COURSEVIA_DATABASE_URL", ""), ("COURSEVIA_SANDBOX__PORT", "")]);
    let config = load("", &env).expect("fine");
    assert!(!config.database.named);
    assert_eq!(config.sandbox.port, SANDBOX_PORT);
}

#[test]
fn a_secret_bound_to_no_host_is_a_warning() {
    let text = "[secrets]\nA = \"https://api.example.org\"\nB = \"api.example.org\"\nC = \"\"\n";
    let warnings = load(text, &Env::default()).expect("fine").warnings;
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].starts_with("secrets.A: \"https://api.example.org\" is no host name"));
}

#[test]
fn keys_are_taken_alone_or_in_a_list_and_from_the_environment() {
    let text = "[keys]\nsearch = [\"/\", \"ctrl+f\"]\nundo = \"U\"\n";
    let env = Env::of([("COURSEVIA_KEYS__UNDO", "z"), ("COURSEVIA_KEYS__TRY_AGAIN", "1")]);
    let config = load(text, &env).expect("fine");
    let keys = |name: &str| config.keys[name].clone();
    assert_eq!(keys("search"), ["/", "ctrl+f"]);
    assert_eq!(keys("undo"), ["z"]);
    assert_eq!(keys("try-again"), ["1"]);
    assert_eq!(config.warnings, Vec::<String>::new());
}

#[test]
fn a_key_that_is_no_text_is_named() {
    let error = load("[keys]\nsearch = 3\n", &Env::default()).expect_err("wrong").to_string();
    assert_eq!(error, "c.toml:2: search: this must be a key in quotes, or a list of such keys");
}

#[test]
fn offers_last_a_day_unless_it_is_said_how_long() {
    let lasts = |text| load(text, &Env::default()).map(|config| config.waitlist.offers_last.num_hours());
    assert_eq!(lasts("").expect("fine"), 24);
    assert_eq!(lasts("[waitlist]\noffer_hours = 2\n").expect("fine"), 2);
    for wrong in ["[waitlist]\noffer_hours = 0\n", "[waitlist]\noffer_hours = 721\n"] {
        let error = lasts(wrong).expect_err(wrong).to_string();
        assert!(
            error.starts_with("waitlist.offer_hours: ") && error.contains("between 1 and 720"),
            "{error}"
        );
    }
}

#[test]
fn hours_of_an_offer_that_are_too_few_or_too_many_are_refused_in_words() {
    for hours in ["0", "721", "-1", "99999999999", "soon"] {
        let error = load("", &Env::of([("COURSEVIA_WAITLIST__OFFER_HOURS", hours)])).expect_err("wrong");
        let error = error.to_string();
        assert!(error.contains("between 1 and 720") || error.contains("a whole number from"), "{error}");
        assert!(!error.contains("u16"), "{error}");
    }
}

fn pays(text: &str, env: &Env) -> Result<PaymentConfig, String> {
    load(&format!("[payment]\n{text}"), env).map(|config| config.payment).map_err(|error| error.to_string())
}

const STRIPE: &str = "base_url = \"https://api.stripe.com\"\nreturn_url = \"https://college.example/done\"\n";

#[test]
fn without_a_processor_the_sandbox_takes_play_money() {
    let config = pays("", &Env::default()).expect("fine");
    assert_eq!(config, PaymentConfig::default());
    assert_eq!((config.processor, config.hold.num_minutes()), (ProcessorChoice::Default, 40));
    let config = pays("base_url = \"sandbox\"\nhold_minutes = 35\n", &Env::default()).expect("fine");
    assert_eq!((config.processor, config.hold.num_minutes()), (ProcessorChoice::Sandbox, 35));
}

#[test]
fn a_processor_has_a_key_of_its_own_host_and_a_page_to_come_back_to() {
    let env = Env::of([("STRIPE_SECRET_KEY", "sk_test_of_nobody")]);
    let config = load(&format!("[payment]\n{STRIPE}"), &env).expect("fine");
    let ProcessorChoice::Stripe { base_url, secret_env, return_url } = &config.payment.processor else {
        panic!("{:?}", config.payment);
    };
    assert_eq!(
        (secret_env.as_str(), return_url.as_str()),
        ("STRIPE_SECRET_KEY", "https://college.example/done")
    );
    assert!(config.secrets.for_url(secret_env, base_url).is_ok());
    let elsewhere = WebUrl::parse("https://evil.example/").expect("an address");
    assert!(config.secrets.for_url(secret_env, &elsewhere).is_err());
    let launch =
        "[launch]\nreturn_url = \"https://college.example/back\"\n[payment]\nbase_url = \"https://x.org\"";
    let choice = load(launch, &Env::default()).expect("fine").payment.processor;
    assert!(
        matches!(choice, ProcessorChoice::Stripe { return_url, .. } if return_url.as_str().ends_with("/back"))
    );
    let here = "base_url = \"http://127.0.0.1:8766/processor\"\nsecret_env = \"COURSEVIA_KEY\"\n";
    let config = load(&format!("[payment]\n{here}"), &Env::of([("COURSEVIA_KEY", "x")])).expect("fine");
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
}

#[test]
fn settings_of_payment_that_can_not_work_are_refused_in_words() {
    for (text, words) in [
        ("hold_minutes = 34\n", "payment.hold_minutes: 34 is not between 35 and 1440 minutes"),
        ("hold_minutes = 1441\n", "payment.hold_minutes: 1441 is not between"),
        ("base_url = \"http://api.stripe.com\"\n", "payment.base_url: only https"),
        ("base_url = \"stripe\"\n", "payment.base_url: this is not a web address"),
        ("base_url = \"https://api.stripe.com\"\n", "payment.return_url: name the page"),
        ("base_url = \"https://api.stripe.com/v1/\"\n", "payment.base_url: leave out /v1"),
        ("return_url = \"ftp://x\"\n", "payment.return_url: only https"),
        ("secret_env = \"sk_test_of_nobody\"\n", "payment.secret_env: "),
    ] {
        let error = pays(text, &Env::default()).expect_err(text);
        assert!(error.starts_with(words), "{error}");
    }
}

#[test]
fn real_money_is_taken_only_where_somebody_said_so() {
    for key in ["sk_live_of_nobody", "rk_live_of_nobody", " sk_live_of_nobody\n"] {
        let env = Env::of([("STRIPE_SECRET_KEY", key)]);
        let error = pays(STRIPE, &env).expect_err(key);
        assert!(
            error.starts_with("payment.allow_live: the key in STRIPE_SECRET_KEY takes real money"),
            "{error}"
        );
        assert!(!error.contains("of_nobody"), "{error}");
        assert!(pays(&format!("{STRIPE}allow_live = true\n"), &env).is_ok());
        assert!(pays("", &env).is_ok(), "nothing is sent anywhere");
    }
    assert!(pays(STRIPE, &Env::of([("STRIPE_SECRET_KEY", "sk_test_of_nobody")])).is_ok());
}

#[test]
fn lti_has_a_name_a_port_and_a_key_of_its_own() {
    let lti = load("", &Env::default()).expect("defaults").lti;
    assert_eq!((lti.issuer.as_str(), lti.port), (ISSUER, LTI_PORT));
    assert_eq!(lti.key_file, PathBuf::from("/home/maya/data/lti-key.pem"));
    let env =
        Env::of([("COURSEVIA_LTI__PORT", "9001"), ("COURSEVIA_LTI__ISSUER", "https://college.example/")]);
    let lti = load("[lti]\nkey_file = \"/srv/key.pem\"\n", &env).expect("fine").lti;
    assert_eq!((lti.issuer.as_str(), lti.port), ("https://college.example/", 9001), "letter by letter");
    assert_eq!(lti.key_file, PathBuf::from("/srv/key.pem"));
    for (text, key) in [
        ("issuer = \"http://127.0.0.1/\"", "lti.issuer"),
        ("issuer = \"college\"", "lti.issuer"),
        ("issuer = \"https://college.example/?a=1\"", "lti.issuer"),
        ("issuer = \"https://maya:pw@college.example\"", "lti.issuer"),
        ("public_base_url = \"http://college.example\"", "lti.public_base_url"),
        ("public_base_url = \"https://college.example/?a=1\"", "lti.public_base_url"),
    ] {
        let error = load(&format!("[lti]\n{text}\n"), &Env::default()).expect_err(text).to_string();
        assert!(error.starts_with(key), "{error}");
    }
}
