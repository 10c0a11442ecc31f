//! What refuses a course: one change each, the file, the line and the words it draws.

use super::{FILES, RULES, WEB, cases, errors, with, with_lesson};

cases! { errors;
    no_title: rules "title = \"Digital Literacy\"" => ""
        => "course.toml:1: the course has no title. Add title = \"Digital Literacy\".";
    pass_mark_of_nothing: rules "pass_mark = 70" => "pass_mark = 0"
        => "course.toml:2: pass_mark is 0. Write a whole number from 1 to 100.";
    pass_mark_as_text: rules "pass_mark = 70" => "pass_mark = \"70\""
        => "course.toml:2: pass_mark is text, not a whole number. Write a whole number without quotes, such as pass_mark = 12.";
    no_pass_mark: rules "pass_mark = 70\n" => ""
        => "course.toml:1: the course has no pass_mark. Add pass_mark = 70.";
    unknown_feedback: rules "\"immediate\"" => "\"never\""
        => "course.toml:3: the feedback \"never\" is not known. Write \"immediate\" or \"final\".";
    no_feedback: rules "feedback = \"immediate\"\n" => ""
        => "course.toml:1: the course has no feedback. Add feedback = \"immediate\".";
    no_tries_at_all: rules "tries = 3" => "tries = 0"
        => "course.toml:4: tries is 0. Write a whole number from 1 to 100.";
    pause_for_days: rules "pause_minutes = 5" => "pause_minutes = 1441"
        => "course.toml:5: pause_minutes is 1441. Write a whole number from 0 to 1440.";
    shuffle_as_text: rules "shuffle = false" => "shuffle = \"no\""
        => "course.toml:6: shuffle is text, not true or false. Write true or false without quotes.";
    rules_that_are_no_toml: rules "tries = 3" => "tries = = 3"
        => "course.toml:4:9: this is not TOML: extra `=`, expected nothing. Correct this place; everything after it is not read yet.";

    no_front_matter: lesson "+++\ntitle" => "title"
        => "01-files.md:1: the lesson has no front matter. Begin the file with a line +++, then title = \"…\" and minutes = 20, then a line +++.";
    front_matter_of_another_kind: lesson "+++\ntitle" => "---\ntitle"
        => "01-files.md:1: the lesson has no front matter. Write it in TOML between two lines +++ instead of ---.";
    front_matter_that_is_no_toml: lesson "minutes = 20" => "minutes: 20"
        => "01-files.md:3:10: this is not TOML: key with no value, expected `=`. Correct this place; everything after it is not read yet.";
    front_matter_without_title: lesson "title = \"Files\"\n" => ""
        => "01-files.md:2: the lesson has no title. Add title = \"Files and folders\".";
    front_matter_with_an_empty_title: lesson "\"Files\"" => "\" \""
        => "01-files.md:2: the title is empty. Write title = \"Files and folders\".";
    front_matter_without_minutes: lesson "minutes = 20\n" => ""
        => "01-files.md:2: the lesson has no minutes. Add minutes = 20.";
    no_minutes: lesson "minutes = 20" => "minutes = 0"
        => "01-files.md:3: minutes is 0. Write a whole number from 1 to 600.";
    minutes_for_weeks: lesson "minutes = 20" => "minutes = 601"
        => "01-files.md:3: minutes is 601. Write a whole number from 1 to 600.";
    objectives_as_text: lesson "[\"Find a file again\"]" => "\"Find a file again\""
        => "01-files.md:4: objectives is text, not a list. Write a list of texts, such as objectives = [\"Find a file again\"].";
    objective_as_number: lesson "[\"Find a file again\"]" => "[1]"
        => "01-files.md:4: an entry of objectives is not text. Write it in quotes.";

    link_to_no_lesson: lesson "(02-web.md)" => "(02-wep.md)"
        => "01-files.md:8: the link leads to \"02-wep.md\", which is no lesson of this course. Did you mean 02-web.md? Otherwise write an https:// address.";
    link_to_a_file: lesson "(02-web.md)" => "(notes.pdf)"
        => "01-files.md:8: the link leads to \"notes.pdf\", which is no lesson of this course. Write an https:// address, or the file name of a lesson of this course.";
    link_out_of_the_folder: lesson "(02-web.md)" => "(../../etc/passwd)"
        => "01-files.md:8: the link leads to \"../../etc/passwd\", which is no lesson of this course. Write an https:// address, or the file name of a lesson of this course.";
    link_to_a_place_of_a_lesson: lesson "(02-web.md)" => "(02-web.md#top)"
        => "01-files.md:8: the link leads to \"02-web.md#top\", which is no lesson of this course. Did you mean 02-web.md? Otherwise write an https:// address.";
    link_to_nowhere: lesson "(02-web.md)" => "()"
        => "01-files.md:8: the target of the link can't be used: it is empty. Write an https:// address, or the file name of a lesson of this course.";
    link_to_a_script: lesson "(02-web.md)" => "(javascript:alert)"
        => "01-files.md:8: the target of the link can't be used: it is not https. Write an https:// address, or the file name of a lesson of this course.";
    link_to_a_script_in_disguise: lesson "(02-web.md)" => "(javascript&colon;alert)"
        => "01-files.md:8: the target of the link can't be used: it is not https. Write an https:// address, or the file name of a lesson of this course.";
    link_to_the_disk: lesson "(02-web.md)" => "(file:///etc/passwd)"
        => "01-files.md:8: the target of the link can't be used: it is not https. Write an https:// address, or the file name of a lesson of this course.";
    link_without_encryption: lesson "(02-web.md)" => "(http://example.org)"
        => "01-files.md:8: the target of the link can't be used: it is not https. Write an https:// address, or the file name of a lesson of this course.";
    link_to_this_machine: lesson "(02-web.md)" => "(http://127.0.0.1:1/)"
        => "01-files.md:8: the target of the link can't be used: it is not https. Write an https:// address, or the file name of a lesson of this course.";
    link_with_a_password: lesson "(02-web.md)" => "(https://me:hunter2@example.org)"
        => "01-files.md:8: the target of the link can't be used: it has a user name or a password in it. Write an https:// address, or the file name of a lesson of this course.";
    link_that_is_a_mail_address: lesson "[the next lesson](02-web.md)" => "<me@example.org>"
        => "01-files.md:8: the mail address \"me@example.org\" is no link that is opened. Write it without < and >.";
    link_by_a_reference: lesson "(02-web.md)" => "[there]\n\n[there]: ../secret.md\n"
        => "01-files.md:8: the link leads to \"../secret.md\", which is no lesson of this course. Write an https:// address, or the file name of a lesson of this course.";
    image_of_the_folder: lesson "(https://example.org/folder.png)" => "(folder.png)"
        => "01-files.md:10: the target of the image can't be used: it is no address of the web. Write an https:// address.";
    image_that_is_a_lesson: lesson "(https://example.org/folder.png)" => "(02-web.md)"
        => "01-files.md:10: the target of the image can't be used: it is no address of the web. Write an https:// address.";
    image_without_a_text: lesson "![A folder with three files]" => "![ ]"
        => "01-files.md:10: the image has no text. Say what it shows: ![a folder with three files](https://…). A terminal shows these words.";

    quiz_that_is_no_toml: lesson "id = \"kind\"" => "id: kind"
        => "01-files.md:15:5: this is not TOML: key with no value, expected `=`. Correct this place; everything after it is not read yet.";
    quiz_that_is_not_closed: lesson "in the end.\"\n```" => "in the end.\"\n"
        => "01-files.md:12: the quiz is not closed. Write a line ``` behind it.";
    quiz_in_a_list: lesson "The end.\n" => "- The end.\n\n  ```quiz\n  minutes = 1\n  ```\n"
        => "01-files.md:48: the quiz stands inside a list or a quotation. Begin its ``` at the beginning of a line, after an empty one.";
    second_quiz: lesson "The end.\n" => "```quiz\nminutes = 1\n```\n"
        => "01-files.md:46: the lesson has a second quiz; the first one is on line 12. Put its questions into the first one.";
    quiz_for_days: lesson "minutes = 4" => "minutes = 601"
        => "01-files.md:13: minutes is 601. Write a whole number from 1 to 600.";
    questions_under_a_misspelt_heading: lesson "[[question]]\nid" => "[[qestion]]\nid"
        => "01-files.md:14: a quiz has no key \"qestion\". Did you mean question? Otherwise remove it.";

    question_of_no_kind: lesson "kind = \"single\"\n" => ""
        => "01-files.md:14: the question has no kind. Add kind = \"single\", \"multiple\", \"text\" or \"order\".";
    question_of_an_unknown_kind: lesson "\"single\"" => "\"essay\""
        => "01-files.md:16: the kind \"essay\" is not known. Write \"single\", \"multiple\", \"text\" or \"order\".";
    question_that_asks_nothing: lesson "ask = \"Which one is a file?\"\n" => ""
        => "01-files.md:14: the question has no ask. Add ask = \"Which program shows web pages?\".";
    question_with_a_wrong_id: lesson "id = \"kind\"" => "id = \"Kind One\""
        => "01-files.md:15: the id \"Kind One\" can't be used. Use a-z, 0-9 and single hyphens, at most 80, such as \"browser\".";
    question_with_a_number_as_id: lesson "id = \"kind\"" => "id = 1"
        => "01-files.md:15: id is a whole number, not text. Write it in quotes.";
    question_with_the_id_of_another: lesson "id = \"kind\"" => "id = \"q2\""
        => "01-files.md:23: the id \"q2\" is there already, on line 15. Answers are kept under it: give each question an id of its own.";

    single_without_a_right_option: lesson "right = true, why = \"Yes.\" },\n  { text = \"A printer\"" => "why = \"Yes.\" },\n  { text = \"A printer\""
        => "01-files.md:18: no option of the question is right. Write right = true into the one that is.";
    single_with_two_right_options: lesson "\"A printer\", why" => "\"A printer\", right = true, why"
        => "01-files.md:18: 2 options of a single question are right. Leave one of them, or write kind = \"multiple\".";
    single_with_one_option: lesson "  { text = \"A printer\", why = \"It prints.\" },\n" => ""
        => "01-files.md:18: the question has 1 option. Write 2 to 8 of them.";
    single_with_no_option: lesson "options = [\n  { text = \"A letter\", right = true, why = \"Yes.\" },\n  { text = \"A printer\", why = \"It prints.\" },\n]" => "options = []"
        => "01-files.md:18: the question has 0 options. Write 2 to 8 of them.";
    single_without_options: lesson "options = [\n  { text = \"A letter\", right = true, why = \"Yes.\" },\n  { text = \"A printer\", why = \"It prints.\" },\n]" => ""
        => "01-files.md:14: the question has no options. Add options = [{ text = \"A browser\", right = true, why = \"…\" }, { text = \"A printer\", why = \"…\" }].";
    option_twice: lesson "\"A printer\"" => "\"A  letter\""
        => "01-files.md:20: the option \"A letter\" is there already, on line 19. Change one of the two, or remove it.";
    option_without_a_text: lesson "text = \"A printer\", " => ""
        => "01-files.md:20: the option has no text. Add text = \"A browser\".";
    option_without_a_why: lesson ", why = \"It prints.\"" => ""
        => "01-files.md:20: the option has no why. Add why = \"It shows pages.\".";
    option_that_is_a_word: lesson "{ text = \"A printer\", why = \"It prints.\" }" => "\"A printer\""
        => "01-files.md:20: this option is a value, not a table. Start each one with [[question.options]], in double brackets.";
    right_as_text: lesson "right = true, why = \"Yes.\" },\n  { text = \"A printer\"" => "right = \"yes\", why = \"Yes.\" },\n  { text = \"A printer\""
        => "01-files.md:19: right is text, not true or false. Write true or false without quotes.";

    text_that_accepts_nothing: lesson "[\"folder\", \"a folder\"]" => "[]"
        => "01-files.md:36: the question accepts nothing. Write accept = [\"browser\", \"web browser\"].";
    text_that_accepts_an_empty_word: lesson "\"folder\", \"a folder\"" => "\"folder\", \" . \""
        => "01-files.md:36: an entry of accept is empty. Write some words, or remove it.";
    text_without_accept: lesson "accept = [\"folder\", \"a folder\"]\n" => ""
        => "01-files.md:33: the text question has no accept. Add accept = [\"browser\", \"web browser\"].";
    text_without_a_why: lesson "why = \"A folder does.\"\n" => ""
        => "01-files.md:33: the text question has no why. Add why = \"A browser shows pages of the web.\".";
    text_that_accepts_numbers: lesson "\"folder\", \"a folder\"" => "1"
        => "01-files.md:36: an entry of accept is not text. Write it in quotes.";

    order_of_one: lesson "[\"open\", \"change\", \"save\"]" => "[\"open\"]"
        => "01-files.md:42: the question has 1 item. Write 2 to 8 of them.";
    order_of_nine: lesson "[\"open\", \"change\", \"save\"]" => "[\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"]"
        => "01-files.md:42: the question has 9 items. Write 2 to 8 of them.";
    order_with_an_item_twice: lesson "\"change\"" => "\"open\""
        => "01-files.md:42: the item \"open\" is there already, on line 42. Change one of the two, or remove it.";
    order_with_an_empty_item: lesson "\"change\"" => "\"\""
        => "01-files.md:42: an entry of items is empty. Write some words, or remove it.";
    order_without_items: lesson "items = [\"open\", \"change\", \"save\"]\n" => ""
        => "01-files.md:39: the order question has no items. Add items = [\"first\", \"second\", \"third\"].";
}

#[test]
fn front_matter_that_is_not_closed() {
    let said = errors(with_lesson(&FILES.replacen("again\"]\n+++", "again\"]", 1)));
    assert_eq!(said, "01-files.md:1: the front matter is not closed. Write a line +++ behind it.");
}

#[test]
fn an_empty_lesson() {
    for text in [
        "",
        " \n\n",
        "\n```quiz\n[[question]]\nkind = \"text\"\nask = \"?\"\naccept = [\"a\"]\nwhy = \"w\"\n```\n",
    ] {
        let said = errors(with_lesson(&format!("+++\ntitle = \"Files\"\nminutes = 1\n+++\n{text}")));
        assert!(
            said.ends_with("the lesson has no text. Write what is to be learned below the front matter."),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let said = errors(with_lesson(""));
    assert!(said.starts_with("01-files.md:1: the lesson has no front matter."), "{said}");
}

#[test]
fn a_quiz_without_questions() {
    for quiz in ["```quiz\n```", "```quiz\nminutes = 1\n```", "~~~ quiz\nquestion = []\n~~~"] {
        let said = errors(with_lesson(&format!("{WEB}\n{quiz}\n")));
        assert!(
            said.starts_with("01-files.md:") && said.contains(": the quiz has no questions. "),
            "{quiz}: {said}"
        );
    }
}

#[test]
fn all_errors_of_all_files_come_in_order() {
    let wrong = FILES
        .replacen("minutes = 20", "minutes = 0", 1)
        .replacen("(02-web.md)", "(x.md)", 1)
        .replacen("right = true", "right = 1", 1);
    let files =
        [("02-web.md", "Text."), ("01-files.md", &*wrong), ("course.toml", &*RULES.replacen("70", "700", 1))];
    let problems = with(&files).expect_err("errors").0;
    let places: Vec<_> = problems.iter().map(|problem| (&*problem.file, problem.line)).collect();
    assert_eq!(
        places,
        [("course.toml", 2), ("01-files.md", 3), ("01-files.md", 8), ("01-files.md", 19), ("02-web.md", 1),]
    );
}
