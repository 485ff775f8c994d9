// npm run lab -- <command>: labs for people. (Tests use startLab themselves.)
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CrdSet } from './control-plane/crds.ts';
import { isRunning } from './control-plane/processes.ts';
import { play, scenario, type Scenario } from './control-plane/scenario.ts';
import { allLabs, endLab, readState, sweep } from './control-plane/state.ts';
import { attachLab, LabError, startLab, type Lab } from './lab.ts';
import { downloads } from './parts/downloads.ts';
import { ensureParts, findPart, partNames } from './parts/parts.ts';
import { dataPlaneParts, gieVersions, istioParts, type PartName } from './parts/versions.ts';
import { gatewayUrl } from './scenarios/building-blocks.ts';
import { GATEWAY } from './scenarios/preview.ts';
import { playersScript } from './scenarios/script.ts';

const usage = `Usage: npm run lab -- COMMAND

  up [--name N] [--git-version V] [--crds SET,…|none] [--scenario S] [--data-plane] [--controller istio]
                             start a lab that stays; with --data-plane, traffic goes through Envoy and
                             real endpoint pickers; with --controller istio, Istio's own controller
                             writes the statuses (its scenario is 'istio')
  scenario S [--name N] [--data-plane] [--controller istio]   put a scenario on a lab that is up
  status                     the labs that are up, and the parts that are built
  shell [--name N]           a shell with kubectl, helm and KUBECONFIG set
  env [--name N]             the same as export lines: eval "$(npm run -s lab -- env)"
  gateway [--name N]         HOST:PORT at which the Gateway of a lab with a data plane answers
  files FOLDER               upstream's chart and CRDs of v1.0.0, for --chart and --crds-from
  down [--name N | --all]    end a lab, or all
  build [PART…]              get parts ready: ${partNames.join(', ')}

The name is 'default' unless given. CRD sets: gateway-api, ${gieVersions.map((v) => `gie-${v}`).join(', ')}.
`;

const { values, positionals } = readArguments();
const name = values.name ?? 'default';

const commands: Record<string, () => Promise<void>> = {
  up,
  scenario: playOn,
  status,
  shell,
  env,
  gateway,
  files,
  down,
  build,
};

// Leaving by exit() ends the compilers that run for us; everything else ends with us anyway.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  const command = commands[positionals[0] ?? ''];
  if (!command || values.help) {
    (values.help ? process.stdout : process.stderr).write(usage);
    process.exitCode = values.help ? 0 : 1;
  } else await command();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function up(): Promise<void> {
  const chosen = values.scenario === undefined ? undefined : await scenario(values.scenario);
  const gitVersion = values['git-version'] ?? chosen?.gitVersion;
  await ensureParts([...(values['data-plane'] ? dataPlaneParts : []), ...(controller() ? istioParts : [])]);
  const lab = await startLab({
    name,
    crds: chosen ? [] : crdSets(values.crds ?? 'gateway-api,gie-v0.3.0'),
    ...(gitVersion === undefined ? {} : { gitVersion }),
  });
  await startPlayers(lab);
  if (chosen) await play(withoutPlayers(chosen), lab);
  await lab.stay();
  const suffix = name === 'default' ? '' : ` --name ${name}`;
  console.error(
    `End it with: npm run lab -- down${suffix}\nUse it: npm run lab -- shell${suffix}, or in a shell of yours:`,
  );
  console.log(`export KUBECONFIG=${lab.kubeconfig()}`);
  process.exit();
}

async function playOn(): Promise<void> {
  const [, wanted] = positionals;
  if (wanted === undefined) throw new LabError('Which scenario? npm run lab -- scenario NAME');
  const lab = attachLab(name);
  await startPlayers(lab);
  await play(withoutPlayers(await scenario(wanted)), lab);
}

/** Those that the options ask for; without any, a scenario brings its own. */
async function startPlayers(lab: Lab): Promise<void> {
  if (!values['data-plane'] && !controller()) return;
  await lab.run(
    playersScript({
      ...(values['data-plane'] ? { dataPlane: 'envoy' } : {}),
      ...(controller() ? { controller: 'istio' } : {}),
    }),
  );
}

function withoutPlayers(scenario: Scenario): Scenario {
  if (!values['data-plane'] && !controller()) return scenario;
  return { ...scenario, extra: scenario.extra?.filter(({ name }) => name !== playersScript().name) ?? [] };
}

function controller(): 'istio' | undefined {
  if (values.controller === undefined) return undefined;
  if (values.controller !== 'istio')
    throw new LabError(`There is no controller '${values.controller}'. There is: istio`);
  return values.controller;
}

async function status(): Promise<void> {
  await sweep();
  const labs = allLabs();
  if (labs.length === 0) console.log('No lab is up.');
  for (const lab of labs) {
    console.log(`${lab.name}  ${lab.phase}  ${lab.gitVersion}  ${lab.server}  keeper ${lab.keeper.pid}`);
    for (const child of lab.children) {
      console.log(`  ${child.name}  pid ${child.pid}${isRunning(child) ? '' : '  (ended)'}`);
    }
  }
  const missing = partNames.filter((part) => !findPart(part));
  console.log(missing.length === 0 ? 'All parts are built.' : `Not built yet: ${missing.join(', ')}`);
}

async function shell(): Promise<void> {
  const lab = attachLab(name);
  const program = process.env['SHELL'] || 'bash';
  console.error(`lab: a shell on ${lab.server}; leave it with exit, the lab stays`);
  // Ctrl-C is for what runs in the shell.
  process.removeAllListeners('SIGINT').on('SIGINT', () => undefined);
  const child = spawn(program, { stdio: 'inherit', env: { ...process.env, ...environment(lab) } });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => resolve(code ?? 1));
  });
}

async function env(): Promise<void> {
  for (const [key, value] of Object.entries(environment(attachLab(name)))) {
    console.log(`export ${key}='${value.replaceAll("'", `'\\''`)}'`);
  }
}

async function gateway(): Promise<void> {
  const { hostname, port } = new URL(await gatewayUrl(attachLab(name), 'default', GATEWAY));
  console.log(`${hostname}:${port === '' ? 80 : port}`);
}

async function files(): Promise<void> {
  const [, folder] = positionals;
  if (folder === undefined) throw new LabError('Where to? npm run lab -- files FOLDER');
  await downloads(folder, 'v1.0.0');
  console.error(
    `${join(folder, 'inferencepool')} for --chart, ${join(folder, 'manifests.yaml')} for --crds-from`,
  );
}

async function down(): Promise<void> {
  await sweep();
  const labs = values.all ? allLabs() : [readState(name)].filter((state) => state !== undefined);
  if (labs.length === 0) console.error(values.all ? 'No lab is up.' : `No lab named '${name}' is up.`);
  await Promise.all(labs.map(endLab));
}

async function build(): Promise<void> {
  const wanted = positionals.slice(1);
  const unknown = wanted.find((part) => !(partNames as string[]).includes(part));
  if (unknown) throw new LabError(`There is no part '${unknown}'. There are: ${partNames.join(', ')}`);
  const found = await ensureParts(wanted.length === 0 ? partNames : (wanted as PartName[]));
  for (const [part, path] of Object.entries(found)) console.log(`${part}\t${path}`);
}

/** For a person's shell: their own HOME, and our plugin on PATH once it is built. */
function environment(lab: Lab): Record<string, string> {
  const { HOME: _, ...rest } = lab.env;
  const dist = fileURLToPath(new URL('../../dist', import.meta.url));
  const bins = [join(lab.dir, 'bin'), ...(existsSync(dist) ? [dist] : []), process.env['PATH'] ?? ''];
  return { ...rest, PATH: bins.join(delimiter) };
}

function crdSets(list: string): CrdSet[] {
  const all = ['gateway-api', ...gieVersions.map((version) => `gie-${version}`)];
  const wanted = list === 'none' ? [] : list.split(',');
  const unknown = wanted.find((set) => !all.includes(set));
  if (unknown !== undefined)
    throw new LabError(`There is no CRD set '${unknown}'. There are: ${all.join(', ')}`);
  return wanted as CrdSet[];
}

function readArguments() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: text,
        'git-version': text,
        crds: text,
        scenario: text,
        'data-plane': { type: 'boolean' },
        controller: text,
        all: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(1);
  }
}
