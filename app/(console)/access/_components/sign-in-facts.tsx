import { Facts } from "#app/_ui/facts.tsx";
import { Note } from "#app/_ui/note.tsx";
import { Panel, PanelBody, PanelHeader } from "#app/_ui/panel.tsx";
import { StateText } from "#app/_ui/state-text.tsx";
import { passwordCharsMin, type SignInOffer } from "#core/access/contract.ts";
import css from "./access.module.css";
import { AccessFrame } from "./access-frame.tsx";

/** How one gets in here. Facts only: it is set in the environment, so that no session can open another way in. */
export function SignInFacts({ offer, callbackUrl }: { offer: SignInOffer; callbackUrl: string }) {
  return (
    <AccessFrame tab="sign-in" sub="set in Snapkeep's environment, read at its start">
      <div className={css.columns}>
        <Panel>
          <PanelHeader title="Now" />
          <PanelBody>
            <Facts
              facts={[
                { label: "Identity provider", value: offer.provider ?? <span className="t3">none</span> },
                { label: "Local accounts", value: localWords(offer) },
                { label: "Passkeys", value: <PasskeyState offer={offer} /> },
                {
                  label: "Passwords",
                  value: `${passwordCharsMin} characters or more, kept as scrypt hashes`,
                },
                { label: "Sign-in attempts", value: "slowed down per account and per address" },
              ]}
            />
            {offer.passkeys.reason !== null && (
              <Note className={css.below ?? ""} title="Passkeys are off.">
                {offer.passkeys.reason}
              </Note>
            )}
          </PanelBody>
        </Panel>
        <Panel>
          <PanelHeader title="Set up an identity provider" sub="OpenID Connect: Okta, Entra ID, Keycloak …" />
          <PanelBody className="stack">
            <dl className={css.variables}>
              {variables.map(([name, meaning]) => (
                <div key={name}>
                  <dt className="mono">{name}</dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
            <Note>
              Register <span className="mono">{callbackUrl}</span> as the address to come back to.
            </Note>
          </PanelBody>
        </Panel>
      </div>
    </AccessFrame>
  );
}

function localWords({ localSignIn, provider }: SignInOffer): string {
  if (localSignIn === "break-glass") return "break-glass accounts only";
  return provider === null ? "all" : `all, beside ${provider}`;
}

function PasskeyState({ offer }: { offer: SignInOffer }) {
  return offer.passkeys.available ? (
    <StateText state="ok" word="can be added in one's account" />
  ) : (
    <span className="t3">not available</span>
  );
}

const variables: readonly (readonly [name: string, meaning: string])[] = [
  ["SNAPKEEP_OIDC_ISSUER", "Where the provider is; everything else is discovered from there."],
  ["SNAPKEEP_OIDC_CLIENT_ID", "What Snapkeep is called at the provider."],
  ["SNAPKEEP_OIDC_CLIENT_SECRET", "Its secret, or with _FILE at the end the file that holds it."],
  ["SNAPKEEP_OIDC_NAME", "What stands on the button: Continue with …"],
  ["SNAPKEEP_OIDC_ROLES", "Groups and what they hold: sre=operator, dba=restorer@prod-us/dc1"],
  ["SNAPKEEP_OIDC_GROUPS_CLAIM", "Where the groups stand in the provider's word; groups unless set."],
  ["SNAPKEEP_OIDC_DEFAULT_ROLE", "For whoever is in none of these groups; without, they are refused."],
  ["SNAPKEEP_OIDC_ALLOWED_DOMAINS", "Only verified e-mail addresses of these domains."],
  ["SNAPKEEP_LOCAL_SIGN_IN", "all, or break-glass: then other local accounts can't sign in."],
  ["SNAPKEEP_BASE_URL", "The address in the browser; passkeys and the provider are bound to it."],
];
