//! What refuses a file: one change each, the line and the words it draws.

use super::cases;

cases! { errors;
    refund_above_everything: r#"icon = "◆""# => "refunds = [{ percent = 101, before_start = true }]"
        => "c.toml:6: percent is 101. Write a whole number from 0 to 100.";
    refund_without_a_share: r#"icon = "◆""# => "refunds = [{ before_start = true }]"
        => "c.toml:6: the refund step has no percent. Add percent = 100.";
    refund_without_a_condition: r#"icon = "◆""# => "refunds = [{ percent = 50 }]"
        => "c.toml:6: the refund step has no condition. Write one of before_start = true, progress_up_to = 25 or days_after_enrolling = 14.";
    refund_with_two_conditions: r#"icon = "◆""# => "refunds = [{ percent = 50, before_start = true, progress_up_to = 25 }]"
        => "c.toml:6: the refund step has more than one condition. Write one of before_start = true, progress_up_to = 25 or days_after_enrolling = 14.";
    refund_before_no_start: r#"icon = "◆""# => "refunds = [{ percent = 50, before_start = false }]"
        => "c.toml:6: before_start is false, which is no condition. Write before_start = true, or remove the step.";
    refund_up_to_too_much: r#"icon = "◆""# => "refunds = [{ percent = 50, progress_up_to = 101 }]"
        => "c.toml:6: progress_up_to is 101. Write a whole number from 0 to 100.";
    refund_after_too_many_days: r#"icon = "◆""# => "refunds = [{ percent = 50, days_after_enrolling = 3651 }]"
        => "c.toml:6: days_after_enrolling is 3651. Write a whole number from 0 to 3650.";
    refunds_as_text: r#"icon = "◆""# => r#"refunds = "all""#
        => "c.toml:6: refunds is text, not a list of tables. Start each one with [[partner.refunds]], in double brackets.";
    duplicate_partner_name: r#"name = "College""# => r#"name = "Certiport""#
        => r#"c.toml:12: the partner "Certiport" is there already, on line 3. Give this one another name, or remove it.
c.toml:42: the partner "College" is not in this file. Add a [[partner]] with this name, or correct it."#;
    duplicate_partner_name_in_other_capitals: r#"name = "College""# => r#"name = "CERTIPORT""#
        => r#"c.toml:12: the partner "CERTIPORT" is there already, on line 3. Give this one another name, or remove it.
c.toml:42: the partner "College" is not in this file. Add a [[partner]] with this name, or correct it."#;
    duplicate_slug: r#"slug = "job-readiness""# => r#"slug = "cna-training""#
        => r#"c.toml:60: the slug "cna-training" is there already, on line 20. Give this program another slug, or remove it."#;
    same_partner_twice_in_a_program: r#"partner = "College""# => r#"partner = "Certiport""#
        => r#"c.toml:42: "Certiport" delivers this program already, on line 30. Remove one of the two courses."#;
    unknown_partner: r#"partner = "College""# => r#"partner = "Somebody""#
        => r#"c.toml:42: the partner "Somebody" is not in this file. Add a [[partner]] with this name, or correct it."#;
    unknown_partner_close_to_a_known_one: r#"partner = "Certiport""# => r#"partner = "certiprot""#
        => r#"c.toml:30: the partner "certiprot" is not in this file. Did you mean "Certiport"? Otherwise add a [[partner]] with this name."#;
    bad_slug: r#"slug = "cna-training""# => r#"slug = "CNA Training""#
        => r#"c.toml:20: the slug "CNA Training" can't be used. Use a-z, 0-9 and single hyphens, at most 80, such as "cna-training"."#;
    partner_without_name: "name = \"Certiport\"\n" => "\n"
        => r#"c.toml:2: the partner has no name. Add name = "Certiport".
c.toml:30: the partner "Certiport" is not in this file. Add a [[partner]] with this name, or correct it."#;
    partner_without_type: "type = \"certiport\"\n" => "\n"
        => r#"c.toml:2: the partner has no type. Add type = "certiport"."#;
    partner_without_api: "api = { protocol = \"link\", login_url = \"https://college.example/login\", instructions = \"Sign in.\" }\n" => "\n"
        => r#"c.toml:11: the partner has no api. Add api = { protocol = "link", login_url = "https://…" }."#;
    program_without_slug: "slug = \"job-readiness\"\n" => "\n"
        => r#"c.toml:59: the program has no slug. Add slug = "cna-training"."#;
    program_without_title: "title = \"Job Readiness\"\n" => "\n"
        => r#"c.toml:59: the program has no title. Add title = "CNA Training"."#;
    program_without_category: "category = \"Career\"\n" => "\n"
        => r#"c.toml:59: the program has no category. Add category = "Healthcare"."#;
    program_without_summary: "summary = \"Find a job.\"\n" => "\n"
        => r#"c.toml:59: the program has no summary. Add summary = "…"."#;
    course_without_partner: "partner = \"Certiport\"\n" => "\n"
        => r#"c.toml:29: the course has no partner. Add partner = "Certiport"."#;
    course_without_name: "name = \"CNA Online\"\n" => "\n"
        => r#"c.toml:29: the course has no name. Add name = "CNA Training"."#;
    course_without_code: "code = \"CNA-101\"\n" => "\n"
        => r#"c.toml:29: the course has no code. Add code = "CNA-101"."#;
    course_without_format: "format = \"online\"\n" => "\n"
        => r#"c.toml:29: the course has no format. Add format = "online"."#;
    course_without_pacing: "pacing = \"self_paced\"\n" => "\n"
        => r#"c.toml:29: the course has no pacing. Add pacing = "self_paced"."#;
    course_without_price: "price = \"59.00\"\n" => "\n"
        => r#"c.toml:29: the course has no price. Add price = "0.00"."#;
    course_without_currency: "currency = \"USD\"\n" => "\n"
        => r#"c.toml:29: the course has no currency. Add currency = "USD"."#;
    empty_title: r#"title = "CNA Training""# => r#"title = "  ""#
        => r#"c.toml:21: the title is empty. Write title = "CNA Training"."#;
    empty_code: r#"code = "CNA-101""# => r#"code = """#
        => r#"c.toml:32: the code is empty. Write code = "CNA-101"."#;
    text_without_quotes: r#"title = "CNA Training""# => "title = 12"
        => "c.toml:21: title is a whole number, not text. Write it in quotes.";
    price_as_a_number: r#"price = "59.00""# => "price = 59.00"
        => "c.toml:37: price is a decimal number, not text. Write it in quotes.";
    hours_in_quotes: "hours = 120" => r#"hours = "120""#
        => "c.toml:26: hours is text, not a whole number. Write a whole number without quotes, such as hours = 120.";
    active_in_quotes: "active = false" => r#"active = "no""#
        => "c.toml:14: active is text, not true or false. Write true or false without quotes.";
    demo_in_quotes: "demo = true" => r#"demo = "yes""#
        => "c.toml:1: demo is text, not true or false. Write true or false without quotes.";
    aliases_as_text: r#"aliases = ["nurse", "nursing assistant"]"# => r#"aliases = "nurse""#
        => r#"c.toml:22: aliases is text, not a list. Write a list of texts, such as aliases = ["nurse", "nursing assistant"]."#;
    alias_as_number: r#""nursing assistant""# => "\n  7"
        => "c.toml:23: an entry of aliases is not text. Write it in quotes.";
    api_as_text: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = "link""#
        => "c.toml:17: api is text, not a table. Write it in braces: api = { … }.";
    course_in_single_brackets: "\n[[program.course]]\npartner = \"Certiport\"" => "\n[program.course]\npartner = \"Certiport\""
        => "c.toml:41:11: this is not TOML: duplicate key. Correct this place; everything after it is not read yet.";
    unknown_heading: "[[program]]\nslug = \"job" => "[[programs]]\nslug = \"job"
        => r#"c.toml:59: a catalogue has no key "programs". Did you mean program? Otherwise remove it."#;
    negative_price: r#"price = "59.00""# => r#"price = "-1.00""#
        => r#"c.toml:37: the price is negative. Write a price of "0.00" or more."#;
    price_that_is_no_number: r#"price = "59.00""# => r#"price = "free""#
        => r#"c.toml:37: the price "free" is not an amount. Write a plain number in quotes, such as "59.00"."#;
    price_with_too_many_decimals: r#"price = "59.00""# => r#"price = "59.005""#
        => r#"c.toml:37: the price "59.005" has more decimals than USD has. Write at most 2."#;
    price_with_decimals_the_currency_lacks: "price = \"89.00\"\ncurrency = \"USD\"" => "price = \"89.00\"\ncurrency = \"JPY\""
        => r#"c.toml:47: the price "89.00" has more decimals than JPY has. Write it without decimals."#;
    price_too_large: r#"price = "59.00""# => r#"price = "99999999999999.00""#
        => "c.toml:37: the price is too large. Write a smaller amount.";
    bad_currency: r#"currency = "USD""# => r#"currency = "dollar""#
        => r#"c.toml:38: the currency "dollar" is not a currency code. Write three capital letters, such as "USD"."#;
    wholesale_above_price: r#"wholesale = "25.00""# => r#"wholesale = "59.01""#
        => "c.toml:39: the wholesale 59.01 is above the price 59.00. Write an amount up to the price.";
    negative_wholesale: r#"wholesale = "25.00""# => r#"wholesale = "-1""#
        => r#"c.toml:39: the wholesale is negative. Write a wholesale of "0.00" or more."#;
    share_above_100: r#"share_percent = "70""# => r#"share_percent = "100.01""#
        => r#"c.toml:49: the share_percent "100.01" can't be used. Write a percentage from "0" to "100" with at most two decimals, such as "50" or "12.5"."#;
    share_below_0: r#"share_percent = "70""# => r#"share_percent = "-5""#
        => r#"c.toml:49: the share_percent "-5" can't be used. Write a percentage from "0" to "100" with at most two decimals, such as "50" or "12.5"."#;
    share_with_too_many_decimals: r#"share_percent = "70""# => r#"share_percent = "33.333""#
        => r#"c.toml:49: the share_percent "33.333" can't be used. Write a percentage from "0" to "100" with at most two decimals, such as "50" or "12.5"."#;
    share_as_a_number: r#"share_percent = "70""# => "share_percent = 70"
        => "c.toml:49: share_percent is a whole number, not text. Write it in quotes.";
    both_kinds_of_terms: r#"terms = { wholesale = "25.00" }"# => r#"terms = { wholesale = "25.00", share_percent = "50" }"#
        => "c.toml:39: the terms have both wholesale and share_percent. Keep the one that was agreed.";
    empty_terms: r#"terms = { wholesale = "25.00" }"# => "terms = {}"
        => r#"c.toml:39: the terms say nothing. Write wholesale = "25.00" or share_percent = "50", or remove terms."#;
    unknown_format: r#"format = "online""# => r#"format = "remote""#
        => r#"c.toml:34: the format "remote" is not known. Write "online", "hybrid" or "in_person"."#;
    unknown_pacing: r#"pacing = "self_paced""# => r#"pacing = "fast""#
        => r#"c.toml:35: the pacing "fast" is not known. Write "self_paced" or "instructor_led"."#;
    zero_hours: "hours = 120" => "hours = 0"
        => "c.toml:26: hours is 0. Write a whole number from 1 to 100000, or leave hours out.";
    negative_hours: "hours = 100" => "hours = -3"
        => "c.toml:36: hours is -3. Write a whole number from 1 to 100000, or leave hours out.";
    date_in_quotes: "until = 2027-03-01" => r#"until = "2027-03-01""#
        => "c.toml:16: until is text, not a date. Write a day without quotes, such as until = 2027-03-01.";
    date_with_a_time: "until = 2027-03-01" => "until = 2027-03-01T10:00:00"
        => "c.toml:16: until is not a day of the calendar. Write a day without quotes, such as until = 2027-03-01.";
    icon_of_several_characters: r#"icon = "◆""# => r#"icon = "icon""#
        => r#"c.toml:6: the icon is more than one character. Write one character, such as "◆"."#;
    unknown_protocol: r#"protocol = "link""# => r#"protocol = "soap""#
        => r#"c.toml:17: the protocol "soap" is not known. Write "rest", "lti13" or "link"."#;
    lti_without_addresses: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", client_id = "us", deployment_id = "1" }"#
        => r#"c.toml:17: the partner's lti13 api has no login_url. Add login_url = "https://…".
c.toml:17: the partner's lti13 api has no redirect_urls. Add redirect_urls = ["https://…"]."#;
    lti_without_ids: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = ["https://tool.example/launch"] }"#
        => r#"c.toml:17: the partner's lti13 api has no client_id. Add client_id = "…", as the tool gave it.
c.toml:17: the partner's lti13 api has no deployment_id. Add deployment_id = "…", as the tool gave it."#;
    lti_with_a_pattern: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = ["https://tool.example/*"], client_id = "us", deployment_id = "1" }"#
        => r#"c.toml:17: an address in redirect_urls can't be used: a * in it matches nothing; answers go to exactly the addresses that are named. Write the exact https:// address."#;
    lti_with_a_script: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "javascript:alert(1)", redirect_urls = ["https://tool.example/launch"], client_id = "us", deployment_id = "1" }"#
        => r#"c.toml:17: the login_url can't be used: only https addresses are used (http on this machine only). Write the exact https:// address."#;
    lti_with_a_password_in_an_address: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = ["https://tool.example/launch"], client_id = "us", deployment_id = "1", target_link_url = "https://me:pw@tool.example/" }"#
        => r#"c.toml:17: the target_link_url can't be used: an address must not carry a user name or a password. Write the exact https:// address."#;
    lti_without_a_redirect_address: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = [], client_id = "us", deployment_id = "1" }"#
        => r#"c.toml:17: redirect_urls is empty. Write redirect_urls = ["https://…"], as the tool names them."#;
    lti_that_discloses_what_nobody_tells: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = ["https://tool.example/launch"], client_id = "us", deployment_id = "1", discloses = ["name", "age"] }"#
        => r#"c.toml:17: "age" is not known in discloses. Choose among "name" or "email"."#;
    lti_by_a_tool_of_that_name: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", tool = "moodle", client_id = "us", deployment_id = "1" }"#
        => r#"c.toml:17: the tool "moodle" is not known. Write login_url and redirect_urls instead of it."#;
    lti_with_more_than_it_can: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = ["https://tool.example/launch"], client_id = "us", deployment_id = "1", capabilities = ["launch", "progress"] }"#
        => r#"c.toml:17: a partner of protocol "lti13" can't "progress". Remove it: only what the protocol can do is declared here."#;
    lti_with_a_secret: r#"api = { protocol = "link", login_url = "https://college.example/login", instructions = "Sign in." }"# => r#"api = { protocol = "lti13", login_url = "https://tool.example/login", redirect_urls = ["https://tool.example/launch"], client_id = "us", deployment_id = "1", client_secret = "hunter2" }"#
        => r#"c.toml:17: the key "client_secret" looks like a secret. Put the secret into an environment variable and write its name as secret_env."#;
    link_that_can_launch: r#"instructions = "Sign in.""# => r#"capabilities = ["launch"]"#
        => r#"c.toml:17: a partner of protocol "link" can't "launch". Remove it: only what the protocol can do is declared here."#;
    capability_that_is_none: r#"organization = "demo""# => r#"capabilities = ["enroll", "teleport"]"#
        => r#"c.toml:8: "teleport" is not known in capabilities. Choose among "enroll", "withdraw", "launch", "progress" or "certificate"."#;
    capabilities_as_text: r#"organization = "demo""# => r#"capabilities = "enroll""#
        => r#"c.toml:8: capabilities is text, not a list. Write a list of texts, such as capabilities = ["enroll", "withdraw", "launch", "progress", "certificate"]."#;
    steps_without_end: r#"instructions = "Sign in.""# => r#"steps = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"]"#
        => "c.toml:17: the list of steps has 13 entries. Keep the 12 most useful ones.";
    api_without_protocol: r#"protocol = "link", "# => ""
        => r#"c.toml:17: the api has no protocol. Add protocol = "rest", "lti13" or "link"."#;
    rest_without_profile: r#"profile = "certiport", "# => ""
        => r#"c.toml:8: the rest api has no profile. Add profile = "certiport"."#;
    unknown_profile: r#"profile = "certiport""# => r#"profile = "moodle""#
        => r#"c.toml:8: the profile "moodle" is not known. Write "certiport", "milady", "hsi", "careersafe" or "nrf"."#;
    rest_without_base_url: r#"base_url = "sandbox", "# => ""
        => r#"c.toml:8: the rest api has no base_url. Add base_url = "https://…"."#;
    sandbox_outside_a_demo: "demo = true" => "demo = false"
        => r#"c.toml:8: the base_url "sandbox" is for demo catalogues only. Write the partner's address, or demo = true at the top of the file."#;
    sandbox_login_outside_a_demo: "demo = true" => "[[partner]]\nname = \"N\"\ntype = \"n\"\napi = { protocol = \"link\", login_url = \"sandbox\" }"
        => r#"c.toml:4: the login_url "sandbox" is for demo catalogues only. Write the partner's address, or demo = true at the top of the file.
c.toml:11: the base_url "sandbox" is for demo catalogues only. Write the partner's address, or demo = true at the top of the file."#;
    sandbox_tool_outside_a_demo: "demo = true" => "[[partner]]\nname = \"N\"\ntype = \"n\"\napi = { protocol = \"lti13\", tool = \"sandbox\", client_id = \"n\", deployment_id = \"1\" }"
        => r#"c.toml:4: the tool "sandbox" is for demo catalogues only. Write the tool's login_url and redirect_urls, or demo = true at the top of the file.
c.toml:11: the base_url "sandbox" is for demo catalogues only. Write the partner's address, or demo = true at the top of the file."#;
    base_url_without_https: r#"base_url = "sandbox""# => r#"base_url = "http://partner.example""#
        => "c.toml:8: the base_url can't be used: only https addresses are used (http on this machine only). Write an https:// address.";
    base_url_with_a_query: r#"base_url = "sandbox""# => r#"base_url = "https://partner.example/?a=b""#
        => "c.toml:8: the base_url has a ? or # in it. Write only the beginning of the address.";
    link_without_login_url: r#"login_url = "https://college.example/login", "# => ""
        => r#"c.toml:17: the link api has no login_url. Add login_url = "https://…"."#;
    login_url_without_https: "https://college.example/login" => "ftp://college.example/login"
        => "c.toml:17: the login_url can't be used: only https addresses are used (http on this machine only). Write an https:// address.";
    support_url_that_is_none: "https://example.org/help" => "example.org/help"
        => "c.toml:9: the url can't be used: this is not a web address; write it whole, such as https://example.org/help. Write an https:// address.";
    support_email_that_is_none: "support@example.org" => "support at example.org"
        => r#"c.toml:9: the email is not an e-mail address. Write one address, such as "support@example.org"."#;
    secret_that_is_no_name: "CERTIPORT_API_KEY" => "sk_live_51H8a7s6d"
        => r#"c.toml:8: the secret_env is not a name. Write the name of an environment variable, such as "CERTIPORT_API_KEY", and keep the secret out of this file."#;
    secret_in_capitals: "CERTIPORT_API_KEY" => "AKIAIOSFODNN7EXAMPLE"
        => r#"c.toml:8: the secret_env is not a name. Write the name of an environment variable, such as "CERTIPORT_API_KEY", and keep the secret out of this file."#;
    secret_under_another_key: r#"secret_env = "CERTIPORT_API_KEY""# => r#"api_key = "sk_live_51H8a7s6d""#
        => r#"c.toml:8: the key "api_key" looks like a secret. Put the secret into an environment variable and write its name as secret_env."#;
    no_toml: r#"title = "CNA Training""# => "title = CNA Training"
        => "c.toml:21:9: this is not TOML: string values must be quoted, expected literal string. Correct this place; everything after it is not read yet.";
    open_quote: r#"title = "CNA Training""# => r#"title = "CNA Training"#
        => r#"c.toml:21:22: this is not TOML: invalid basic string, expected `"`. Correct this place; everything after it is not read yet."#;
    key_twice: r#"title = "CNA Training""# => "title = \"CNA Training\"\ntitle = \"CNA\""
        => "c.toml:22:1: this is not TOML: duplicate key. Correct this place; everything after it is not read yet.";
    day_that_does_not_exist: "until = 2027-03-01" => "until = 2027-02-30"
        => "c.toml:16:9: this is not TOML: invalid date, expected day between 01 and 28. Correct this place; everything after it is not read yet.";
    escape_sequence_in_a_code: r#"code = "CNA-101""# => r#"code = "CNA\u001b[31m-101""#
        => "c.toml:32: the code has control or invisible characters. Remove them; it is sent to the partner as it stands.";
}
