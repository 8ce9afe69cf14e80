/** What Munshi's HTTP API sends and takes, as far as the page knows it. */

export type Priority = "low" | "normal" | "high" | "urgent";

export interface Task {
  task_id: number;
  title: string;
  description: string;
  priority: Priority;
  due: string | null;
  repeat: string | null;
  tags: string[];
  status: "pending" | "completed";
  completed_at: string | null;
}

export interface TaskList {
  tasks: Task[];
  total: number;
}

/** What is asked of a task: absent fields stay as they are, a null `due` is taken away. */
export interface TaskChange {
  title?: string;
  description?: string;
  priority?: Priority;
  due?: string | null;
  status?: Task["status"];
}

export interface Undone {
  tasks: { task_id: number; title: string; status: "restored" | "removed" | "reverted" }[];
}

export interface ToolCall {
  name: string;
  arguments?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: string; message: string };
}

export interface Message {
  id: number;
  role: "user" | "assistant";
  text: string;
  status: "completed" | "in_progress" | "stopped" | "failed";
  turn_id: string | null;
  tool_calls: ToolCall[];
  created_at: string;
  question?: Question;
}

/** What a reply asks: its options are shown as buttons, and each says its message for the person. */
export interface Question {
  kind: "which" | "confirm" | "tool" | "title" | "change";
  options: { label: string; message: string }[];
}

export interface MessagePage {
  messages: Message[];
  next_cursor: string | null;
}

/** A conversation: its number, and the name by which its client knows it. */
export interface Place {
  id: number;
  key: string;
  title: string;
  updated_at: string;
  message_count: number;
}

export interface PlacePage {
  conversations: Place[];
  next_cursor: string | null;
}

export interface Ask {
  message: string;
  conversation_id: string | number;
  timezone: string;
}

/** An event of a turn: its name, its body, and its id. */
export type TurnEvent =
  | ["turn", { turn_id: string; conversation_id: string | number }, string]
  | ["delta", { text: string }, string]
  | ["tool_call", ToolCall, string]
  | ["tool_result", ToolCall, string]
  | ["done", { response: string; tool_calls: ToolCall[]; timestamp: string }, string];

/** A problem body (RFC 9457). */
export interface ProblemBody {
  status: number;
  title: string;
  detail?: string;
  code?: string;
  errors?: { field: string; message: string }[];
}
