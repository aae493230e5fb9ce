-- Money that comes to be available is told of at its instant. What was pending when the world's last
-- event happened has its timer too: whatever moved was told of, so nothing moved after that.
INSERT OR IGNORE INTO timer (due_wall, world, kind, subject, due_at)
SELECT available_on - clock_offset, world.id, 'balance_available', 0, available_on
FROM balance JOIN world ON world.id = balance.world
WHERE amount > 0 AND available_on > (
    SELECT created FROM event WHERE event.id BETWEEN world.id << 43 AND world.id << 43 | 8796093022207
    ORDER BY event.id DESC LIMIT 1);
