// The database of the tests' Better Auth: in memory.
import { memoryAdapter } from "better-auth/adapters/memory";

export const database = memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] });
