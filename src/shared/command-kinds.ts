/** Kinds of commands, as `tachograph measure --kind` names them, each with its budget. Pure data. */

/** Module of the operation that a command is recorded as: the name of the budget it has. */
export const COMMAND_MODULES = {
  command: 'management_commands',
  migration: 'migration_execution',
  backup: 'backup_operation',
} as const;

export type CommandKind = keyof typeof COMMAND_MODULES;
