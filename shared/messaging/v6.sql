-- Letters wait behind those of their own topic and key alone. The first of each waits for itself, and is tried at once.
UPDATE dead_letters AS letter SET waiting_for = (
    SELECT first.id FROM dead_letters AS first
    WHERE first.consumer_group = letter.consumer_group AND first.topic = letter.topic AND first.key = letter.key
        AND first.status <> 'refused'
    ORDER BY first.position LIMIT 1
) WHERE letter.status = 'waiting';
