-- What stands for a student at a tool that opens by LTI 1.3. It is ours, and never the account that the
-- same partner made in the days when it was reached otherwise.
CREATE TABLE lti_subjects (
    student_id UUID NOT NULL REFERENCES students (id),
    provider_id UUID NOT NULL REFERENCES partner_lms_providers (id),
    subject TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (student_id, provider_id)
);

-- Made by a launch: in the transaction, and so at the moment, in which the tool was told of it first.
INSERT INTO lti_subjects (student_id, provider_id, subject, created_at)
SELECT a.student_id, a.provider_id, a.external_account_id, a.created_at FROM partner_accounts a
WHERE EXISTS (SELECT 1 FROM events v WHERE v.kind = 'disclosed' AND v.subject = a.student_id
    AND v.provider_id = a.provider_id AND v.at = a.created_at);

DELETE FROM partner_accounts WHERE EXISTS (SELECT 1 FROM lti_subjects s
    WHERE s.student_id = partner_accounts.student_id AND s.provider_id = partner_accounts.provider_id);
