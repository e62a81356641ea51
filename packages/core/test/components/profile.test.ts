import { type Application, type Class, Configuration, Profile, Provider, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, start } from '../start.js';

abstract class Mailer {
  abstract readonly kind: string;
}

@Configuration()
class Mailers {
  @Provider({ token: Mailer })
  @Profile('prod', 'staging')
  smtp(): Mailer {
    return { kind: 'smtp' };
  }

  @Profile('test')
  @Provider({ token: Mailer })
  memory(): Mailer {
    return { kind: 'memory' };
  }
}

@Profile('!test')
@Service()
class Reminder {}

@Service()
@Profile('prod', '!test')
class Either {}

function has(application: Application, type: Class): boolean {
  try {
    application.resolve(type);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['prod', 'smtp', true],
  ['staging', 'smtp', true],
  ['test', 'memory', false],
])('under %s the mailer is %s', async (profile, kind, reminds) => {
  const application = await start(applicationOf([Mailers, Reminder, Either]), { profile });
  expect(application.resolve(Mailer).kind).toBe(kind);
  expect(has(application, Reminder)).toBe(reminds);
  expect(has(application, Either)).toBe(reminds);
});

test('without a profile only the negated ones are active', async () => {
  const application = await start(applicationOf([Mailers, Reminder, Either]));
  expect(has(application, Mailer)).toBe(false);
  expect(has(application, Reminder)).toBe(true);
  expect(has(application, Either)).toBe(true);
});

test('the environment names the profile; the option wins; an empty variable is none', async () => {
  const application = applicationOf([Mailers]);
  const environment = { TSUKIMI_PROFILE: 'test' };
  expect((await start(application, { environment })).configuration.profile).toBe('test');
  expect((await start(application, { environment, profile: 'prod' })).configuration.profile).toBe('prod');
  expect((await start(application, { environment: { TSUKIMI_PROFILE: '' } })).configuration.profile).toBeUndefined();
});
