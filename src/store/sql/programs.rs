//! Programs, partners and their courses: reading, and what an import writes.

use super::{cohort_columns, latest_terms, offer_columns, statements};

macro_rules! program_columns {
    () => {
        "id, slug, title, aliases, category, summary, length, hours, credential, active, demo, position"
    };
}

macro_rules! offers_of_programs {
    ($condition:expr) => {
        concat!(
            "SELECT ",
            offer_columns!(),
            " FROM programs p JOIN partner_courses c ON c.program_id = p.id ",
            "JOIN partner_lms_providers v ON v.id = c.provider_id",
            latest_terms!(),
            " WHERE ",
            $condition
        )
    };
}

/// Starts of before `$last` may still be enrolled into nowhere on earth.
macro_rules! cohorts_of_programs {
    ($condition:expr, $last:literal) => {
        concat!(
            "SELECT ",
            cohort_columns!(),
            " FROM programs p JOIN partner_courses c ON c.program_id = p.id ",
            "JOIN cohorts k ON k.course_id = c.id WHERE k.active = true AND k.starts_on >= ",
            $last,
            " AND ",
            $condition,
            " ORDER BY k.course_id, k.starts_on, k.id"
        )
    };
}

macro_rules! ratings_of_programs {
    ($condition:expr) => {
        concat!(
            "SELECT r.course_id, r.rating, r.reviews FROM programs p ",
            "JOIN partner_courses c ON c.program_id = p.id JOIN review_totals r ON r.course_id = c.id WHERE ",
            $condition
        )
    };
}

/// The programs of one page.
macro_rules! of_page {
    () => {
        "p.active = true AND (p.position, p.slug) > ($1, $2) AND (p.position, p.slug) <= ($3, $4)"
    };
}

macro_rules! insert_terms {
    () => {
        "INSERT INTO partner_terms (id, course_id, valid_from, kind, share_bp, wholesale_cents) VALUES "
    };
}

macro_rules! latest_terms_win {
    () => {
        " ON CONFLICT (course_id, valid_from) DO UPDATE SET kind = excluded.kind, \
         share_bp = excluded.share_bp, wholesale_cents = excluded.wholesale_cents"
    };
}

/// The 32 programs of one request for details; missing ones are bound as the first.
macro_rules! of_32_programs {
    ($column:literal) => {
        concat!(
            $column,
            " IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, ",
            "$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)"
        )
    };
}

statements! { PROGRAMS:
    // `true` in small letters, as the index has it: SQLite compares them letter by letter.
    PAGE_OF_PROGRAMS = "SELECT id, slug, title, aliases, category, demo, position FROM programs \
        WHERE active = true AND (position, slug) > ($1, $2) ORDER BY position, slug LIMIT $3";
    PAGE_OF_OFFERS = concat!(
        "SELECT c.id, c.program_id, c.provider_id, c.metadata, c.price_cents, c.currency, c.active, \
        CASE WHEN EXISTS (SELECT 1 FROM cohorts d WHERE d.course_id = c.id AND d.active = true) \
        THEN TRUE ELSE FALSE END AS dated FROM programs p JOIN partner_courses c ON c.program_id = p.id WHERE ",
        of_page!()
    );
    PAGE_OF_STARTS = concat!(
        "SELECT k.course_id, k.starts_on, k.time_zone, CASE WHEN k.taken < k.seats AND NOT EXISTS \
        (SELECT 1 FROM waitlist_entries w WHERE w.cohort_id = k.id AND w.status = 'waiting') \
        THEN TRUE ELSE FALSE END AS is_free FROM programs p JOIN partner_courses c ON c.program_id = p.id \
        JOIN cohorts k ON k.course_id = c.id WHERE k.active = true AND k.starts_on >= $5 AND ",
        of_page!(), " ORDER BY k.starts_on"
    );
    PAGE_OF_RATINGS = ratings_of_programs!(of_page!());
    // Every position is at least 0; saying so counts in the index, not in the table.
    COUNT_PROGRAMS = "SELECT COUNT(*) FROM programs WHERE active = true AND position >= 0";
    LIST_PROGRAMS_BY_ID = concat!(
        "SELECT ", program_columns!(), " FROM programs WHERE ", of_32_programs!("id")
    );
    LIST_OFFERS_BY_PROGRAM = offers_of_programs!(of_32_programs!("p.id"));
    LIST_PROGRAMS = concat!("SELECT ", program_columns!(), " FROM programs WHERE active = TRUE");
    LIST_ALL_PROGRAMS = concat!("SELECT ", program_columns!(), " FROM programs");
    FIND_PROGRAM = concat!("SELECT ", program_columns!(), " FROM programs WHERE slug = $1");
    FIND_PROGRAM_BY_ID = concat!("SELECT ", program_columns!(), " FROM programs WHERE id = $1");
    LIST_OFFERS = offers_of_programs!("p.active = TRUE");
    LIST_OFFERS_OF_PROGRAM = offers_of_programs!("p.id = $1");
    LIST_RATINGS_BY_PROGRAM = ratings_of_programs!(of_32_programs!("p.id"));
    LIST_RATINGS = ratings_of_programs!("p.active = TRUE");
    LIST_RATINGS_OF_PROGRAM = ratings_of_programs!("p.id = $1");
    // Of each course two ranges of an index are counted, whatever the size of the table.
    COUNT_OUTCOMES_OF_PROGRAM = "SELECT c.id AS course_id, \
        (SELECT COUNT(*) FROM partner_lms_enrollments e WHERE e.course_id = c.id AND e.status = 'completed') \
        AS completed, \
        (SELECT COUNT(*) FROM partner_lms_enrollments e WHERE e.course_id = c.id AND e.status = 'active') \
        AS active FROM partner_courses c WHERE c.program_id = $1";
    LIST_COHORTS_BY_PROGRAM = cohorts_of_programs!(of_32_programs!("p.id"), "$33");
    LIST_COHORTS = cohorts_of_programs!("p.active = TRUE", "$1");
    LIST_COHORTS_OF_PROGRAM = cohorts_of_programs!("p.id = $1", "$2");
    // Courses of no program included: an import adopts them.
    LIST_ALL_OFFERS = concat!(
        "SELECT ", offer_columns!(),
        " FROM partner_courses c JOIN partner_lms_providers v ON v.id = c.provider_id", latest_terms!()
    );
    LIST_PROVIDERS = "SELECT id AS v_id, provider_name, provider_type, active AS v_active, api_config, \
        description AS v_description, icon, status AS v_status, status_note, status_until, status_since, \
        closes_on, ends_on AS v_ends_on, retirement_note, failures, successes, failing_from, last_failure_at, \
        troubled_since, demo AS v_demo, refund_policy FROM partner_lms_providers";
    HAS_CATALOG = "SELECT CASE WHEN EXISTS (SELECT 1 FROM programs) \
        OR EXISTS (SELECT 1 FROM partner_lms_providers) THEN TRUE ELSE FALSE END";
    HAS_DEMO_PARTNERS = "SELECT CASE WHEN EXISTS (SELECT 1 FROM partner_lms_providers WHERE demo) THEN TRUE ELSE FALSE END";

    INSERT_PROVIDER = "INSERT INTO partner_lms_providers (id, provider_name, provider_type, active, api_config, \
        description, icon, status, status_note, status_until, demo, refund_policy, status_since, closes_on, ends_on, \
        retirement_note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    UPDATE_PROVIDER = "UPDATE partner_lms_providers SET provider_name = $2, provider_type = $3, active = $4, \
        api_config = $5, description = $6, icon = $7, status = $8, status_note = $9, status_until = $10, \
        demo = $11, refund_policy = $12, status_since = $13, closes_on = $14, ends_on = $15, retirement_note = $16 \
        WHERE id = $1";
    FIND_API_CONFIG = "SELECT api_config FROM partner_lms_providers WHERE id = $1";
    UPDATE_API_CONFIG = "UPDATE partner_lms_providers SET api_config = $2 WHERE id = $1";
    PAUSE_PROVIDER = "UPDATE partner_lms_providers SET active = FALSE, status = 'paused' WHERE id = $1";
    INSERT_PROGRAM = "INSERT INTO programs (id, slug, title, aliases, category, summary, length, hours, \
        credential, active, demo, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    UPDATE_PROGRAM = "UPDATE programs SET slug = $2, title = $3, aliases = $4, category = $5, summary = $6, \
        length = $7, hours = $8, credential = $9, active = $10, demo = $11, position = $12 WHERE id = $1";
    RETIRE_PROGRAM = "UPDATE programs SET active = FALSE WHERE id = $1";
    INSERT_COURSE = "INSERT INTO partner_courses (id, provider_id, program_id, course_name, \
        external_course_code, active, metadata, pacing, hours, credential, price_cents, currency) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    UPDATE_COURSE = "UPDATE partner_courses SET provider_id = $2, program_id = $3, course_name = $4, \
        external_course_code = $5, active = $6, metadata = $7, pacing = $8, hours = $9, credential = $10, \
        price_cents = $11, currency = $12 WHERE id = $1";
    RETIRE_COURSE = "UPDATE partner_courses SET active = FALSE WHERE id = $1";
    // Two imports at one instant: the later one is meant.
    INSERT_TERMS = concat!(insert_terms!(), "($1, $2, $3, $4, $5, $6)", latest_terms_win!());
    // A large catalogue is mostly courses with terms: eight versions for one round trip.
    INSERT_EIGHT_TERMS = concat!(insert_terms!(), "($1, $2, $3, $4, $5, $6),\
        ($7, $8, $9, $10, $11, $12),\
        ($13, $14, $15, $16, $17, $18),\
        ($19, $20, $21, $22, $23, $24),\
        ($25, $26, $27, $28, $29, $30),\
        ($31, $32, $33, $34, $35, $36),\
        ($37, $38, $39, $40, $41, $42),\
        ($43, $44, $45, $46, $47, $48)", latest_terms_win!());
}
