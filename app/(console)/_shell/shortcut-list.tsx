"use client";
import { Modal } from "@mantine/core";
import { Facts } from "#app/_ui/facts.tsx";

type Shortcut = { keys: readonly string[]; does: string; join?: string };

const groups: { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: "Everywhere",
    shortcuts: [
      { keys: ["Ctrl", "K"], does: "Find a snapshot" },
      { keys: ["g", "o"], join: "then", does: "Go to the overview" },
      { keys: ["g", "s"], join: "then", does: "Go to snapshots" },
      { keys: ["g", "c"], join: "then", does: "Go to compare" },
      { keys: ["g", "r"], join: "then", does: "Go to restores" },
      { keys: ["g", "a"], join: "then", does: "Go to the audit log" },
      { keys: ["/"], does: "Filter the list" },
      { keys: ["Esc"], does: "Close what is open" },
      { keys: ["?"], does: "This list" },
    ],
  },
  {
    title: "In the audit log",
    shortcuts: [
      { keys: ["j", "k"], does: "Move down and up" },
      { keys: ["Enter"], does: "Open the entry" },
      { keys: ["[", "]"], does: "Newer and older entry" },
    ],
  },
  {
    title: "In the list of snapshots",
    shortcuts: [
      { keys: ["t"], does: "Take snapshot" },
      { keys: ["j", "k"], does: "Move down and up" },
      { keys: ["x"], does: "Select" },
      { keys: ["Enter"], does: "Open" },
    ],
  },
];

export function ShortcutList({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size={480}>
      <div className="stack" style={{ gap: 16 }}>
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="fs12 med t2" style={{ marginBottom: 4 }}>
              {group.title}
            </h3>
            <Facts
              facts={group.shortcuts.map((shortcut) => ({
                key: shortcut.does,
                label: shortcut.does,
                value: <Keys shortcut={shortcut} />,
              }))}
            />
          </section>
        ))}
        <p className="t3 fs12">No shortcut restores or deletes.</p>
      </div>
    </Modal>
  );
}

function Keys({ shortcut }: { shortcut: Shortcut }) {
  return (
    <span className="row" style={{ justifyContent: "flex-end", gap: 4 }}>
      {shortcut.keys.map((key, place) => (
        <span key={key} className="row" style={{ gap: 4 }}>
          {place > 0 && shortcut.join !== undefined && <span className="t3 fs12">{shortcut.join}</span>}
          <kbd>{key}</kbd>
        </span>
      ))}
    </span>
  );
}
