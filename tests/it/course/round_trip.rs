//! A course that was written as its folder is what is read from there.

use chrono::TimeDelta;
use coursevia::catalog::lessons::{SourceFile, parse};
use coursevia::domain::lesson::{CourseRules, Feedback, Lesson, TaughtCourse, Tries};
use coursevia::domain::program::Slug;
use coursevia::domain::progress::Percent;
use coursevia::domain::quiz::{Choice, Question, QuestionKind, Quiz};
use coursevia::domain::text::{Prose, Text};
use proptest::collection::{hash_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::json;

/// Words with what TOML and Markdown would take for something else.
fn words() -> impl Strategy<Value = Text> {
    r#"[a-zé'"\\#=\[\]{}+`|<>&*_ -]{0,20}[a-z李]"#.prop_map(|raw| Text::clean(&raw))
}

fn key() -> impl Strategy<Value = Slug> {
    "[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4})?".prop_map(|raw| Slug::parse(&raw).expect("a slug"))
}

fn different(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Text>> {
    hash_set(words(), count).prop_map(|words| words.into_iter().collect())
}

fn choices(single: bool) -> impl Strategy<Value = Vec<Choice>> {
    (different(2..=8), vec((any::<bool>(), words()), 8), any::<prop::sample::Index>()).prop_map(
        move |(texts, more, right)| {
            let right = right.index(texts.len());
            let choice = |(place, (text, (also, why))): (usize, (Text, (bool, Text)))| Choice {
                text,
                right: place == right || (also && !single),
                why,
            };
            texts.into_iter().zip(more).enumerate().map(choice).collect()
        },
    )
}

fn kind() -> impl Strategy<Value = QuestionKind> {
    prop_oneof![
        (choices(true), option::of(words())).prop_map(|(options, why)| QuestionKind::Single { options, why }),
        (choices(false), option::of(words()))
            .prop_map(|(options, why)| QuestionKind::Multiple { options, why }),
        (vec(words(), 1..=20), words()).prop_map(|(accept, why)| QuestionKind::Text { accept, why }),
        (different(2..=8), words()).prop_map(|(items, why)| QuestionKind::Order { items, why }),
    ]
}

fn quiz() -> impl Strategy<Value = Quiz> {
    (1_u16..=600, hash_set(key(), 1..5), vec((words(), kind()), 5)).prop_map(|(minutes, ids, questions)| {
        let questions = ids.into_iter().zip(questions);
        let questions = questions.map(|(id, (ask, kind))| Question { id, ask, kind }).collect();
        Quiz { minutes, questions }
    })
}

fn body() -> impl Strategy<Value = Prose> {
    let blocks = prop_oneof![
        Just("# A heading".to_owned()),
        Just("- one\n- two\n  1. three".to_owned()),
        Just("| a | b |\n|---|---|\n| 1 | 2 |".to_owned()),
        Just("````\n```quiz\nno quiz\n```\n````".to_owned()),
        Just("```rust\nfn main() {}\n```".to_owned()),
        Just("    code".to_owned()),
        Just("> a quotation".to_owned()),
        Just("[more](https://example.org/a?b=c), ![a picture](https://example.org/a.png)".to_owned()),
        "[a-zé .,]{0,40}[a-z]",
    ];
    vec(blocks, 1..8).prop_map(|blocks| Prose::clean(blocks.join("\n\n").trim_start_matches('\n')))
}

fn lesson() -> impl Strategy<Value = Lesson> {
    (key(), words(), 1_u16..=600, vec(words(), 0..4), body(), option::of(quiz())).prop_map(
        |(key, title, minutes, objectives, body, quiz)| Lesson {
            key,
            title,
            minutes,
            objectives,
            body,
            quiz,
        },
    )
}

fn rules() -> impl Strategy<Value = CourseRules> {
    let tries = option::of((1_u8..=100, 0_i64..=1_440)).prop_map(|tries| {
        tries.map(|(in_a_row, pause)| Tries { in_a_row, pause: TimeDelta::minutes(pause) })
    });
    (1_i64..=100, any::<bool>(), tries, any::<bool>(), any::<bool>()).prop_map(
        |(mark, last, tries, shuffle, in_order)| CourseRules {
            pass_mark: Percent::new(mark).expect("a share"),
            feedback: if last { Feedback::Final } else { Feedback::Immediate },
            tries,
            shuffle,
            in_order,
        },
    )
}

fn course() -> impl Strategy<Value = TaughtCourse> {
    (key(), words(), rules(), vec(lesson(), 1..6)).prop_map(|(program, title, rules, mut lessons)| {
        let mut seen = std::collections::HashSet::new();
        lessons.retain(|lesson| seen.insert(lesson.key.clone()));
        TaughtCourse { program, title, rules, lessons }
    })
}

fn toml(value: &serde_json::Value) -> String {
    toml::to_string(value).expect("it is written")
}

fn quiz_source(quiz: &Quiz) -> String {
    let question = |question: &Question| {
        let mut value = json!({ "id": question.id, "ask": question.ask });
        let choices = |options: &[Choice]| {
            json!(
                options
                    .iter()
                    .map(|choice| json!({ "text": choice.text, "right": choice.right, "why": choice.why }))
                    .collect::<Vec<_>>()
            )
        };
        let why = match &question.kind {
            QuestionKind::Single { options, why } => {
                value["kind"] = json!("single");
                value["options"] = choices(options);
                why.clone()
            }
            QuestionKind::Multiple { options, why } => {
                value["kind"] = json!("multiple");
                value["options"] = choices(options);
                why.clone()
            }
            QuestionKind::Text { accept, why } => {
                value["kind"] = json!("text");
                value["accept"] = json!(accept);
                Some(why.clone())
            }
            QuestionKind::Order { items, why } => {
                value["kind"] = json!("order");
                value["items"] = json!(items);
                Some(why.clone())
            }
        };
        if let Some(why) = why {
            value["why"] = json!(why);
        }
        value
    };
    toml(
        &json!({ "minutes": quiz.minutes, "question": quiz.questions.iter().map(question).collect::<Vec<_>>() }),
    )
}

/// The folder of a course. `first` puts the quizzes before the texts.
fn files(course: &TaughtCourse, first: bool) -> Vec<SourceFile> {
    let rules = &course.rules;
    let mut value = json!({
        "title": course.title, "pass_mark": rules.pass_mark.get(), "feedback": rules.feedback.code(),
        "shuffle": rules.shuffle, "in_order": rules.in_order,
    });
    if let Some(tries) = rules.tries {
        value["tries"] = json!(tries.in_a_row);
        value["pause_minutes"] = json!(tries.pause.num_minutes());
    }
    let mut files = vec![SourceFile::new("course.toml", toml(&value).as_bytes())];
    for (number, lesson) in course.lessons.iter().enumerate() {
        let front = toml(
            &json!({ "title": lesson.title, "minutes": lesson.minutes, "objectives": lesson.objectives }),
        );
        let quiz = lesson
            .quiz
            .as_ref()
            .map(|quiz| format!("~~~~~quiz\n{}~~~~~", quiz_source(quiz)))
            .unwrap_or_default();
        let body = lesson.body.as_str();
        let text = if first { format!("{quiz}\n\n{body}") } else { format!("{body}\n\n{quiz}") };
        files.push(SourceFile::new(
            &format!("{:02}-{}.md", number + 1, lesson.key),
            format!("+++\n{front}+++\n{text}\n").as_bytes(),
        ));
    }
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_written_is_read(course in course(), first in any::<bool>()) {
        let checked = parse(course.program.as_str(), &files(&course, first));
        match checked {
            Ok(checked) => {
                prop_assert_eq!(&checked.course, &course);
                prop_assert_eq!(checked.warnings, vec![]);
            }
            Err(problems) => prop_assert!(false, "{problems}"),
        }
    }
}
