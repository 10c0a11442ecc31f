-- Dated starts with seats and a waitlist, reviews, and what a student told us they need.

-- Off: no new enrollments; those that stand go on.
ALTER TABLE cohorts ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;
-- The natural key of a start in a catalogue file.
CREATE UNIQUE INDEX cohorts_start ON cohorts (course_id, starts_on, COALESCE(schedule, ''), COALESCE(location, ''));

CREATE INDEX partner_lms_enrollments_holds ON partner_lms_enrollments (hold_until) WHERE status = 'pending';
CREATE INDEX partner_lms_enrollments_outcome ON partner_lms_enrollments (course_id, status);

-- An offered entry counts as a taken seat. `seq` is the order of the queue: clocks may disagree.
CREATE TABLE waitlist_entries (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL,
    cohort_id UUID NOT NULL REFERENCES cohorts (id),
    student_id UUID NOT NULL REFERENCES students (id),
    status TEXT NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'offered', 'accepted', 'declined', 'expired', 'left', 'closed')),
    joined_at TIMESTAMPTZ NOT NULL,
    offered_at TIMESTAMPTZ,
    offer_until TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    enrollment_id UUID REFERENCES partner_lms_enrollments (id),
    CONSTRAINT waitlist_entries_offer CHECK ((offered_at IS NULL) = (offer_until IS NULL)
        AND (status <> 'waiting' OR offer_until IS NULL) AND (status <> 'offered' OR offer_until IS NOT NULL)),
    CONSTRAINT waitlist_entries_accepted CHECK ((status = 'accepted') = (enrollment_id IS NOT NULL)),
    CONSTRAINT waitlist_entries_ended CHECK ((status IN ('waiting', 'offered')) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX waitlist_entries_id ON waitlist_entries (id);
CREATE UNIQUE INDEX waitlist_entries_live ON waitlist_entries (cohort_id, student_id)
    WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_queue ON waitlist_entries (cohort_id, seq) WHERE status = 'waiting';
CREATE INDEX waitlist_entries_offers ON waitlist_entries (offer_until) WHERE status = 'offered';
CREATE INDEX waitlist_entries_offered ON waitlist_entries (cohort_id, seq) WHERE status = 'offered';
CREATE INDEX waitlist_entries_student ON waitlist_entries (student_id, seq);

CREATE TABLE partner_reviews (
    id UUID NOT NULL PRIMARY KEY,
    enrollment_id UUID NOT NULL REFERENCES partner_lms_enrollments (id),
    student_id UUID NOT NULL REFERENCES students (id),
    provider_id UUID NOT NULL REFERENCES partner_lms_providers (id),
    course_id UUID NOT NULL REFERENCES partner_courses (id),
    program_id UUID NOT NULL REFERENCES programs (id),
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ,
    -- Hidden: the text is not shown, the rating counts.
    hidden_at TIMESTAMPTZ,
    hidden_by UUID REFERENCES advisors (id),
    hidden_reason TEXT,
    CONSTRAINT partner_reviews_hidden
        CHECK ((hidden_at IS NULL) = (hidden_by IS NULL) AND (hidden_at IS NULL) = (hidden_reason IS NULL))
);
CREATE UNIQUE INDEX partner_reviews_enrollment ON partner_reviews (enrollment_id);
CREATE INDEX partner_reviews_program ON partner_reviews (program_id, updated_at, id) WHERE withdrawn_at IS NULL;
CREATE INDEX partner_reviews_program_rating ON partner_reviews (program_id, rating, updated_at, id)
    WHERE withdrawn_at IS NULL;
CREATE INDEX partner_reviews_course ON partner_reviews (course_id, updated_at, id) WHERE withdrawn_at IS NULL;
CREATE INDEX partner_reviews_course_rating ON partner_reviews (course_id, rating, updated_at, id)
    WHERE withdrawn_at IS NULL;

-- How many reviews of a course gave each rating: averages need no pass over the reviews.
CREATE TABLE review_totals (
    course_id UUID NOT NULL REFERENCES partner_courses (id),
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    reviews BIGINT NOT NULL CHECK (reviews >= 0),
    PRIMARY KEY (course_id, rating)
);

CREATE TABLE student_preferences (
    student_id UUID NOT NULL PRIMARY KEY REFERENCES students (id),
    evenings BOOLEAN,
    teacher BOOLEAN,
    campus BOOLEAN,
    -- In whole units of whatever currency an offer has.
    budget BIGINT CHECK (budget >= 0),
    updated_at TIMESTAMPTZ NOT NULL
);
