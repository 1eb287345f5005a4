import { expect, test } from "vitest";

import { settings, spec } from "./kubernetes/testing/manifest.ts";
import { jobOf, secretOf } from "./manifest.ts";

test("the Job", () => {
  expect(jobOf(spec(), settings)).toMatchInlineSnapshot(`
    {
      "apiVersion": "batch/v1",
      "kind": "Job",
      "metadata": {
        "annotations": {
          "coxswain.dev/brief": "76ca429caffc6ad12c332e8266da5908",
          "coxswain.dev/labels": "{"repository":"octo/demo","repositoryId":1,"installationId":7,"issue":12,"task":"add","purpose":"implement","attempt":1}",
          "coxswain.dev/run": "cx-12-implement-1-0a1b2c3d",
        },
        "labels": {
          "app.kubernetes.io/component": "agent",
          "app.kubernetes.io/managed-by": "coxswain",
          "coxswain.dev/app": "7",
          "coxswain.dev/attempt": "1",
          "coxswain.dev/issue": "12",
          "coxswain.dev/purpose": "implement",
          "coxswain.dev/repository": "1",
          "coxswain.dev/task": "add",
        },
        "name": "cx-12-implement-1-0a1b2c3d",
        "namespace": "agents",
        "ownerReferences": [
          {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "name": "cx-agent",
            "uid": "uid-0",
          },
        ],
      },
      "spec": {
        "backoffLimit": 0,
        "completions": 1,
        "parallelism": 1,
        "podFailurePolicy": {
          "rules": [
            {
              "action": "FailJob",
              "onPodConditions": [
                {
                  "status": "True",
                  "type": "DisruptionTarget",
                },
              ],
            },
          ],
        },
        "podReplacementPolicy": "Failed",
        "suspend": true,
        "template": {
          "metadata": {
            "annotations": {
              "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
              "coxswain.dev/brief": "76ca429caffc6ad12c332e8266da5908",
              "coxswain.dev/labels": "{"repository":"octo/demo","repositoryId":1,"installationId":7,"issue":12,"task":"add","purpose":"implement","attempt":1}",
              "coxswain.dev/run": "cx-12-implement-1-0a1b2c3d",
            },
            "labels": {
              "app.kubernetes.io/component": "agent",
              "app.kubernetes.io/managed-by": "coxswain",
              "coxswain.dev/app": "7",
              "coxswain.dev/attempt": "1",
              "coxswain.dev/issue": "12",
              "coxswain.dev/purpose": "implement",
              "coxswain.dev/repository": "1",
              "coxswain.dev/task": "add",
            },
          },
          "spec": {
            "activeDeadlineSeconds": 900,
            "automountServiceAccountToken": false,
            "containers": [
              {
                "env": [
                  {
                    "name": "COXSWAIN_BRIEF",
                    "value": "/run/coxswain/brief.json",
                  },
                  {
                    "name": "COXSWAIN_PASS_FILE",
                    "value": "/run/coxswain/pass",
                  },
                  {
                    "name": "COXSWAIN_GATE",
                    "value": "http://gate:8080",
                  },
                  {
                    "name": "COXSWAIN_CANARY",
                    "value": "10.96.4.5:9090",
                  },
                  {
                    "name": "COXSWAIN_DNS",
                    "value": "[fd00::a]:53",
                  },
                  {
                    "name": "COXSWAIN_OUTCOME",
                    "value": "/dev/termination-log",
                  },
                  {
                    "name": "COXSWAIN_WORK",
                    "value": "/work",
                  },
                  {
                    "name": "HOME",
                    "value": "/home/agent",
                  },
                  {
                    "name": "TMPDIR",
                    "value": "/tmp",
                  },
                ],
                "image": "ghcr.io/coxswain/agent@sha256:1234",
                "imagePullPolicy": "IfNotPresent",
                "name": "agent",
                "resources": {
                  "limits": {
                    "cpu": "2",
                    "ephemeral-storage": "10Gi",
                    "memory": "4Gi",
                  },
                  "requests": {
                    "cpu": "250m",
                    "ephemeral-storage": "1Gi",
                    "memory": "1Gi",
                  },
                },
                "securityContext": {
                  "allowPrivilegeEscalation": false,
                  "capabilities": {
                    "drop": [
                      "ALL",
                    ],
                  },
                  "readOnlyRootFilesystem": true,
                  "runAsNonRoot": true,
                },
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
                "volumeMounts": [
                  {
                    "mountPath": "/run/coxswain",
                    "name": "run",
                    "readOnly": true,
                  },
                  {
                    "mountPath": "/work",
                    "name": "work",
                  },
                  {
                    "mountPath": "/home/agent",
                    "name": "home",
                  },
                  {
                    "mountPath": "/tmp",
                    "name": "tmp",
                  },
                ],
                "workingDir": "/work",
              },
            ],
            "dnsConfig": {
              "nameservers": [
                "127.0.0.1",
              ],
              "options": [
                {
                  "name": "timeout",
                  "value": "1",
                },
                {
                  "name": "attempts",
                  "value": "1",
                },
              ],
            },
            "dnsPolicy": "None",
            "enableServiceLinks": false,
            "hostAliases": [
              {
                "hostnames": [
                  "gate",
                ],
                "ip": "10.96.4.5",
              },
            ],
            "restartPolicy": "Never",
            "securityContext": {
              "fsGroup": 1000,
              "fsGroupChangePolicy": "OnRootMismatch",
              "runAsGroup": 1000,
              "runAsNonRoot": true,
              "runAsUser": 1000,
              "seccompProfile": {
                "type": "RuntimeDefault",
              },
            },
            "serviceAccountName": "cx-agent",
            "terminationGracePeriodSeconds": 60,
            "volumes": [
              {
                "name": "run",
                "secret": {
                  "defaultMode": 288,
                  "secretName": "cx-12-implement-1-0a1b2c3d",
                },
              },
              {
                "emptyDir": {},
                "name": "work",
              },
              {
                "emptyDir": {},
                "name": "home",
              },
              {
                "emptyDir": {},
                "name": "tmp",
              },
            ],
          },
        },
      },
    }
  `);
});

test("the Secret holds brief and pass, can't be changed, and goes with its Job", () => {
  const { data, ...secret } = secretOf(spec(), settings, "uid-1");
  expect(secret).toMatchInlineSnapshot(`
    {
      "apiVersion": "v1",
      "immutable": true,
      "kind": "Secret",
      "metadata": {
        "labels": {
          "app.kubernetes.io/component": "agent",
          "app.kubernetes.io/managed-by": "coxswain",
          "coxswain.dev/app": "7",
          "coxswain.dev/attempt": "1",
          "coxswain.dev/issue": "12",
          "coxswain.dev/purpose": "implement",
          "coxswain.dev/repository": "1",
          "coxswain.dev/task": "add",
        },
        "name": "cx-12-implement-1-0a1b2c3d",
        "namespace": "agents",
        "ownerReferences": [
          {
            "apiVersion": "batch/v1",
            "controller": true,
            "kind": "Job",
            "name": "cx-12-implement-1-0a1b2c3d",
            "uid": "uid-1",
          },
        ],
      },
      "type": "Opaque",
    }
  `);
  expect(
    Object.entries(data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
  ).toEqual([
    ["brief.json", JSON.stringify(spec().brief)],
    ["pass", "cxp_secret"],
  ]);
});

test("nothing but the Secret holds the pass or the brief's words", () => {
  const printed = JSON.stringify(jobOf(spec(), settings));
  expect(printed).not.toContain("cxp_");
  expect(printed).not.toContain("It must return the sum.");
});
