import { m } from "../../i18n";

const names: Record<string, () => string> = {
  officer: m.role_officer,
  lead: m.role_lead,
  evaluator: m.role_evaluator,
  admin: m.role_admin,
};

export const roleName = (role: string): string => names[role]?.() ?? role;
