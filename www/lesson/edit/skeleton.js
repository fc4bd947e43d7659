// A lesson of three beats to begin with: something to see, a question, a task.

export const SKELETON = `---
id: my-lesson
title: My lesson
minutes: 5
goals: [Say what a flush writes]
vary: {k: [a, m, t]}
keep: A flush writes a memtable into a table.
---

## One value

Key \`{{k}}\` gets a value.

\`\`\`lsm run
put {{k}} 1
\`\`\`

Where is it now? In the log, and in the memtable.

## What a flush does

Two values, and now the memtable goes to disk.

\`\`\`lsm silent
put {{k}} 1 | put b 2
\`\`\`

\`\`\`predict choice id=tables
ask: How many tables are there after a flush?
run: flush
truth: report.tables
choice 1 "One"
choice 2 "Two, one for each key"
wrong 2: m:key "A flush writes all of the memtable into one table."
right: "One: with {{report.entries}} entries."
stop: table_finished
\`\`\`

## Your turn

\`\`\`challenge id=two-tables lines=4
ask: Reach a tree of two tables.
check: report.tables == 2
hint: Every flush of a memtable that is not empty writes a table.
solution: put {{k}} 1 | flush | put {{k}} 2 | flush
\`\`\`
`;
