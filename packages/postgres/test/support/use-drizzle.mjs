/** Drizzle on a pool. In JavaScript, because Drizzle's declarations do not pass our check of declarations. */
import { count, desc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';

const planets = pgTable('planets', { id: integer().primaryKey().generatedAlwaysAsIdentity(), name: text().notNull() });
const moons = pgTable('moons', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull(),
  planetId: integer('planet_id').references(() => planets.id),
  radius: integer(),
});

export async function useDrizzle(pool, outcomes) {
  const db = drizzle({ client: pool });
  const lazy = db.insert(planets).values({ name: 'never' });
  const seen = await outcomes({
    insert: () =>
      db
        .insert(planets)
        .overridingSystemValue()
        .values([
          { id: 11, name: 'Neptune' },
          { id: 12, name: 'Uranus' },
        ])
        .returning(),
    'insert more': async () =>
      (
        await db
          .insert(moons)
          .overridingSystemValue()
          .values([{ id: 21, name: 'Triton', planetId: 11 }])
      ).rowCount,
    join: () =>
      db
        .select({ moon: moons.name, planet: planets.name })
        .from(moons)
        .innerJoin(planets, eq(planets.id, moons.planetId))
        .orderBy(moons.id),
    count: () => db.select({ n: count() }).from(moons),
    update: () => db.update(moons).set({ radius: 1353 }).where(eq(moons.id, 21)).returning({ radius: moons.radius }),
    prepared: () =>
      db
        .select()
        .from(moons)
        .where(eq(moons.id, sql.placeholder('id')))
        .orderBy(desc(moons.id))
        .prepare('moonById')
        .execute({ id: 21 }),
    raw: async () => (await db.execute(sql`/* name: raw */ SELECT ${1}::int + 1 AS n`)).rows,
    duplicate: () => db.insert(planets).overridingSystemValue().values({ id: 13, name: 'Neptune' }),
    commit: () =>
      db.transaction(async (tx) => {
        await tx.insert(moons).overridingSystemValue().values({ id: 22, name: 'Oberon', planetId: 12 });
        return tx.select({ n: count() }).from(moons);
      }),
    rollback: () => db.transaction((tx) => tx.rollback()),
    nested: () =>
      db.transaction(async (tx) => {
        await tx.transaction((inner) => inner.rollback()).catch(() => {});
        return tx.select({ name: moons.name }).from(moons).orderBy(moons.id);
      }),
    delete: async () => (await db.delete(moons).where(eq(moons.id, 22))).rowCount,
  });
  void lazy;
  return seen;
}
