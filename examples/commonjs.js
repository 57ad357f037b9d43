/**
 * The source of an example with `require` for `import`, so that one source is tried both ways. Knows imports
 * of one line and exported functions; its own files end in .cjs then.
 * @param {string} source
 * @returns {string}
 */
export function asCommonJs(source) {
  return (
    source
      .replaceAll(/^import (.+) from '\.\/([\w-]+)\.js';$/gm, "const $1 = require('./$2.cjs');")
      .replaceAll(/^import (?:\* as )?(.+) from '(.+)';$/gm, (_line, names, from) => {
        return `const ${names.replaceAll(' as ', ': ')} = require('${from}');`;
      })
      .replaceAll(/^export (async )?function (\w+)/gm, 'exports.$2 = $2;\n$1function $2')
      // A module may await at its top level, a script may not.
      .replace(/^await [\s\S]*$/m, '(async () => {\n$&\n})();')
  );
}
