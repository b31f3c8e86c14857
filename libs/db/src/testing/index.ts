export * from './spec-database.ts';
export * from './template-database.ts';
