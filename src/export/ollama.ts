import { ggufOf, nameAt, replaceMe } from './names.js';
import { machineWords } from './own-places.js';
import { engineArguments, modeRemark } from './places.js';
import { commented, headOf, type Target } from './target.js';

/** A Modelfile for each place whose machine runs GGUF files, i.e. personal machines. */
export const ollama: Target = {
  title: 'Ollama Modelfile',
  files(exported) {
    const { places, context } = exported;
    const files = places.flatMap((place) => {
      const { server, taskParts, name, option } = place;
      // What another engine takes arguments for is served by that one.
      if (server === null || engineArguments(place, context) !== null) return [];
      const repository = ggufOf(server.model, context.tables);
      const quant = nameAt(context.tables, 'ollama', 'quant', server.scheme.scheme);
      const tuned = server.checkpoint.id.endsWith('-tuned');
      const known = repository !== null && quant !== null && !tuned;
      const from = known
        ? `hf.co/${repository}:${quant}`
        : `./${replaceMe}-${server.model.family}-${server.scheme.scheme}.gguf`;
      const longest = Math.max(...taskParts.map(({ tokens }) => tokens.output + (tokens.reasoning ?? 0)));
      const head = [
        ...headOf(`Modelfile for ${option.id}`, exported, known ? [] : [from]),
        ...machineWords(place, server),
        known
          ? 'check that the repository has this file'
          : tuned
            ? `your tuned ${server.model.family} as GGUF`
            : 'no such GGUF file is in the tables: name or make one',
        `the plan is sized for ${server.engine.row.engine}: ollama create ${name} -f ${name}.Modelfile`,
        ...modeRemark(place),
      ];
      const lines = [
        `FROM ${from}`,
        `PARAMETER num_ctx ${server.contextTokens}`,
        ...(option.mode === 'standard' ? [`PARAMETER num_predict ${Math.ceil(longest * answerRoom)}`] : []),
      ];
      return [{ path: `${name}.Modelfile`, text: `${commented(head)}${lines.join('\n')}\n` }];
    });
    return files;
  },
};

/** Answers are cut at so many times their mean length. */
const answerRoom = 4;
