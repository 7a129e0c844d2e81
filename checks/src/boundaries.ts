import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import { hasSources, type Manifest, type WorkspacePackage, workspacePackages } from './workspace.ts';

/** One import that breaks a rule. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

const testFile = String.raw`\.(unit|int|e2e)\.test\.ts$|\.fixture\.ts$`;
const anyPackage = '^(packages/[^/]+|examples/[^/]+|benchmarks|checks)/';
const openTelemetry = '(^|/)node_modules/@opentelemetry/';

/** The one direction of dependency: which of our packages the sources of a package may import. Adapters and projections may use both. */
const mayImport = (name: string): readonly string[] => {
  if (name === '@es/otel') return [];
  if (name === '@es/core') return ['@es/otel'];
  return ['@es/otel', '@es/core'];
};

const declared = (manifest: Manifest, kinds: readonly ('dependencies' | 'peerDependencies' | 'devDependencies')[]): readonly string[] =>
  kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));

/** The folders of the other packages except those named, as a pattern that matches nothing when there are none. */
const foldersExcept = (all: readonly WorkspacePackage[], own: WorkspacePackage, names: readonly string[]): string => {
  const folders = all.filter((other) => other !== own && !names.includes(other.manifest.name)).map(({ folder }) => folder);
  return folders.length === 0 ? '^$' : `^(${folders.join('|')})/`;
};

const rulesOf = (own: WorkspacePackage, all: readonly WorkspacePackage[], testTools: readonly string[]): IForbiddenRuleType[] => {
  const { folder, manifest } = own;
  const forbid = (name: string, from: IForbiddenRuleType['from'], names: readonly string[]): IForbiddenRuleType => ({
    name,
    severity: 'error',
    from,
    to: { path: foldersExcept(all, own, names) },
  });
  const everything = declared(manifest, ['dependencies', 'peerDependencies', 'devDependencies']);
  if (manifest.private === true) return [forbid('declared', { path: `^${folder}/` }, everything)];
  const sources = { path: `^${folder}/src/`, pathNot: testFile };
  return [
    forbid('direction', sources, mayImport(manifest.name)),
    forbid('declared', sources, declared(manifest, ['dependencies', 'peerDependencies'])),
    forbid('declared', { path: `^${folder}/` }, [...everything, ...testTools]),
  ];
};

const commonRules = (testTools: readonly string[]): IForbiddenRuleType[] => [
  { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
  {
    // An import of a file that no `exports` lets through ends here too.
    name: 'resolvable',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-deep-import',
    severity: 'error',
    from: { path: anyPackage },
    to: { path: anyPackage, pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'only-otel-imports-the-api',
    severity: 'error',
    // @es/testing is test tooling: its recorder reads what the SDK hands out.
    from: { path: '^packages/(?!otel/|testing/)', pathNot: testFile },
    to: { path: `${openTelemetry}api/` },
  },
  {
    name: 'no-sdk',
    severity: 'error',
    from: { path: '^packages/(?!otel/src/node/|testing/)', pathNot: testFile },
    to: { path: `${openTelemetry}(?!api/)` },
  },
  {
    name: 'core-runs-anywhere',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: testFile },
    to: { dependencyTypes: ['core'], pathNot: '^async_hooks$' },
  },
  {
    name: 'declared',
    severity: 'error',
    from: { pathNot: testFile },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'declared',
    severity: 'error',
    from: { path: testFile },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], pathNot: `(^|/)node_modules/(${testTools.join('|')})/` },
  },
  {
    name: 'declared',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: testFile },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'npm', 'npm-optional'] },
  },
];

/**
 * Every import in the sources of the workspace under `root` that breaks a rule of `CONTRIBUTING.md`'s "Boundaries".
 * Type-only imports count: they decide what a package can be compiled without.
 */
export const boundaryViolations = async (root: string): Promise<readonly Violation[]> => {
  const all = workspacePackages(root);
  // Tests may also use what the root installs for all packages, such as vitest.
  const testTools = declared(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest, ['devDependencies']);
  const { output } = await cruise(
    all.filter((own) => hasSources(root, own)).map(({ folder }) => `${folder}/src`),
    {
      baseDir: root,
      parser: 'tsc',
      tsPreCompilationDeps: true,
      combinedDependencies: false,
      doNotFollow: { path: ['node_modules', '/dist/'] },
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['@es/source', 'types', 'import', 'node', 'default'],
        extensions: ['.ts', '.js', '.mjs', '.d.ts'],
      },
      validate: true,
      ruleSet: { forbidden: [...commonRules(testTools), ...all.flatMap((own) => rulesOf(own, all, testTools))] },
    },
  );
  if (typeof output === 'string') throw new TypeError('dependency-cruiser answered with text instead of its result.');
  return output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
};
