import { IconChevronRight } from "@tabler/icons-react";
import { CliStrip } from "#app/_ui/cli-strip.tsx";
import type { Content, EndpointView } from "../_lib/reference.ts";
import { FieldList } from "./field-list.tsx";
import css from "./reference.module.css";

/** One way into the API. Its line says what it does and takes; the rest folds open. */
export function Endpoint({ endpoint }: { endpoint: EndpointView }) {
  const { method, path, summary, permission, parameters, body, answer, curl } = endpoint;
  const places = new Map(parameters.map((parameter) => [parameter.name, parameter.place]));
  return (
    <details id={endpoint.id}>
      <summary className={css.line}>
        <IconChevronRight size={14} aria-hidden />
        <span className={css.method}>{method}</span>
        <code className={css.path}>{path}</code>
        <span className={css.summary}>{summary}</span>
        <span className={`mono ${css.permission}`}>{permission ?? "everybody"}</span>
      </summary>
      <div className={css.body}>
        <CliStrip command={curl} label={`Copy curl for ${method} ${path}`} />
        {parameters.length > 0 && (
          <section className={css.part}>
            <h3>Parameters</h3>
            <FieldList
              fields={parameters}
              label={`Parameters of ${method} ${path}`}
              placeOf={({ name }) => `in the ${places.get(name) ?? "query"}`}
            />
          </section>
        )}
        {body !== null && <Part title="Body" content={body} label={`Body of ${method} ${path}`} />}
        <Part
          title={`Answer ${answer.status}`}
          words={answer.words}
          content={answer}
          label={`Answer of ${method} ${path}`}
          isAnswer
        />
      </div>
    </details>
  );
}

type PartProps = { title: string; words?: string; content: Content; label: string; isAnswer?: boolean };

function Part({ title, words, content, label, isAnswer = false }: PartProps) {
  return (
    <section className={css.part}>
      <h3>
        {title} <span className="mono t3">{content.types.join(", ")}</span>
      </h3>
      {words !== undefined && words !== "Done." && <p className={`t2 fs12 ${css.words}`}>{words}</p>}
      {content.fields.length > 0 && <FieldList fields={content.fields} label={label} isAnswer={isAnswer} />}
    </section>
  );
}
