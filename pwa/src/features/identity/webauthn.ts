import { base64url, fromBase64url } from "../../sync/ids";

/** The options and credentials of passkeys as JSON. Newer browsers do it themselves; for the others it is done here. */
type Json = Record<string, unknown>;
interface Described extends Json {
  id: string;
}

interface Options extends Json {
  publicKey?: Json;
}

const inner = (options: Options): Json => options.publicKey ?? options;
const described = (list: unknown): unknown =>
  Array.isArray(list) ? (list as Described[]).map((one) => ({ ...one, id: fromBase64url(one.id) })) : undefined;

interface Parsers {
  parseCreationOptionsFromJSON?(options: Json): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON?(options: Json): PublicKeyCredentialRequestOptions;
}

const parsers = (): Parsers => PublicKeyCredential as unknown as Parsers;

export function creationOptions(options: Options): PublicKeyCredentialCreationOptions {
  const json = inner(options);
  const own = parsers();
  if (own.parseCreationOptionsFromJSON) return own.parseCreationOptionsFromJSON(json);
  const user = json["user"] as Described;
  const { excludeCredentials, ...rest } = json;
  return {
    ...rest,
    challenge: fromBase64url(json["challenge"] as string),
    user: { ...user, id: fromBase64url(user.id) },
    ...(excludeCredentials ? { excludeCredentials: described(excludeCredentials) } : {}),
  } as unknown as PublicKeyCredentialCreationOptions;
}

export function requestOptions(options: Options): PublicKeyCredentialRequestOptions {
  const json = inner(options);
  const own = parsers();
  if (own.parseRequestOptionsFromJSON) return own.parseRequestOptionsFromJSON(json);
  const { allowCredentials, ...rest } = json;
  return {
    ...rest,
    challenge: fromBase64url(json["challenge"] as string),
    ...(allowCredentials ? { allowCredentials: described(allowCredentials) } : {}),
  } as unknown as PublicKeyCredentialRequestOptions;
}

const coded = (buffer: ArrayBuffer | null): string | undefined => (buffer ? base64url(new Uint8Array(buffer)) : undefined);

export function credentialJson(credential: PublicKeyCredential): object {
  if (typeof credential.toJSON === "function") return credential.toJSON();
  const { response } = credential;
  const made = response as AuthenticatorAttestationResponse;
  const shown = response as AuthenticatorAssertionResponse;
  return {
    id: credential.id,
    rawId: coded(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response:
      "attestationObject" in response
        ? { clientDataJSON: coded(made.clientDataJSON), attestationObject: coded(made.attestationObject), transports: made.getTransports?.() ?? [] }
        : {
            clientDataJSON: coded(shown.clientDataJSON),
            authenticatorData: coded(shown.authenticatorData),
            signature: coded(shown.signature),
            userHandle: coded(shown.userHandle),
          },
  };
}
