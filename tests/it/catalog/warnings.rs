//! What is worth a look but refuses nothing.

use super::cases;

cases! { warnings;
    unknown_key_with_a_close_one: r#"summary = "Care"# => "sumary = \"x\"\nsummary = \"Care"
        => r#"c.toml:24: a program has no key "sumary"; it is ignored. Did you mean summary? Otherwise remove it."#;
    unknown_key_with_no_close_one: r#"icon = "◆""# => "icon = \"◆\"\ncolour = \"red\""
        => r#"c.toml:7: a partner has no key "colour"; it is ignored. Remove it, or correct its spelling."#;
    unknown_key_in_a_course: r#"pacing = "self_paced""# => "pacing = \"self_paced\"\nseats = 12"
        => r#"c.toml:36: a course has no key "seats"; it is ignored. Remove it, or correct its spelling."#;
    unknown_key_at_the_top: "demo = true" => "demo = true\nversion = 2"
        => r#"c.toml:2: a catalogue has no key "version"; it is ignored. Remove it, or correct its spelling."#;
    unknown_key_in_an_api: r#"organization = "demo""# => r#"organization = "demo", region = "eu""#
        => r#"c.toml:8: a rest api has no key "region"; it is ignored. Remove it, or correct its spelling."#;
    misspelt_secret_env: "secret_env =" => "secret_evn ="
        => r#"c.toml:8: a rest api has no key "secret_evn"; it is ignored. Did you mean secret_env? Otherwise remove it."#;
    note_of_an_active_partner: "active = true\nicon" => "active = true\nnote = \"x\"\nicon"
        => "c.toml:6: note is not shown, because the partner is active. Write active = false to pause it, or remove note.";
    date_of_an_active_partner: "active = true\nicon" => "until = 2027-03-01\nicon"
        => "c.toml:5: until is not shown, because the partner is active. Write active = false to pause it, or remove until.";
    terms_of_a_free_course: r#"price = "59.00""# => r#"price = "0.00""#
        => "c.toml:39: the course is free, so its terms are left out. Remove terms, or give the course a price.";
    escape_sequence_in_a_title: r#"title = "CNA Training""# => r#"title = "CNA \u001b[31mTraining""#
        => "c.toml:21: the title has control or invisible characters; they are left out. Remove them.";
    bidi_override_in_a_summary: r#"summary = "Find a job.""# => r#"summary = "Find \u202E a job.""#
        => "c.toml:63: the summary has control or invisible characters; they are left out. Remove them.";
    control_character_in_an_alias: r#""nursing assistant""# => r#""nursing\u0007assistant""#
        => "c.toml:22: an entry of aliases has control or invisible characters; they are left out. Remove them.";
    played_tool_with_addresses: r#"protocol = "link", login_url = "https://college.example/login", instructions = "Sign in.""# => r#"protocol = "lti13", tool = "sandbox", client_id = "c", deployment_id = "1", login_url = "https://college.example/login""#
        => r#"c.toml:17: a partner's lti13 api with tool = "sandbox" has no key "login_url"; it is ignored. Remove it, or correct its spelling."#;
    partner_of_unknown_protocol: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "unknown" }"#
        => r#"c.toml:17: students can't be enrolled here while the protocol is "unknown". Write protocol = "rest", "lti13" or "link" once you know it."#;
    rest_without_a_secret: r#"base_url = "sandbox", secret_env = "CERTIPORT_API_KEY""# => r#"base_url = "https://partner.example""#
        => r#"c.toml:8: the api names no secret, so the partner will refuse our calls. Add secret_env = "…", the name of the variable that holds the key."#;
    unknown_key_in_a_cohort: "seats = 12" => "seat = 3\nseats = 12"
        => r#"c.toml:57: a cohort has no key "seat"; it is ignored. Did you mean seats? Otherwise remove it."#;
    escape_sequence_in_a_location: r#""Room 12""# => r#""Room \u001b[31m12""#
        => "c.toml:56: the location has control or invisible characters; they are left out. Remove them.";
}
