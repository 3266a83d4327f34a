import { readFileSync } from "node:fs";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { describe, expect, it } from "vitest";

/** The schema of Jenkins' own JUnit consumer (see the file's head for source and licence). */
const SCHEMA = readFileSync("test/fixtures/junit/jenkins-junit.xsd");

function validate(xml: string): void {
  const schema = XmlDocument.fromBuffer(SCHEMA);
  const validator = XsdValidator.fromDoc(schema);
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
  } finally {
    document.dispose();
    validator.dispose();
    schema.dispose();
  }
}

describe("junit.xml", () => {
  const golden = readFileSync("test/reporters/golden/junit.golden.xml", "utf8");

  it("is what Jenkins reads: the report with every kind of result in it", () => {
    expect(() => validate(golden)).not.toThrow();
  });

  it("would not be with an element that Jenkins does not know", () => {
    expect(() => validate(golden.replaceAll("failure", "broken"))).toThrow();
  });
});
