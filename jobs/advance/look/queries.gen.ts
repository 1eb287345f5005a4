// Made by generate.ts (`npm run generate`) from the .graphql files beside it: don't edit.

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
export type CheckConclusionState =
  | 'ACTION_REQUIRED'
  | 'CANCELLED'
  | 'FAILURE'
  | 'NEUTRAL'
  | 'SKIPPED'
  | 'STALE'
  | 'STARTUP_FAILURE'
  | 'SUCCESS'
  | 'TIMED_OUT';

export type CheckStatusState =
  | 'COMPLETED'
  | 'IN_PROGRESS'
  | 'PENDING'
  | 'QUEUED'
  | 'REQUESTED'
  | 'WAITING';

export type IssueState =
  | 'CLOSED'
  | 'OPEN';

export type MergeableState =
  | 'CONFLICTING'
  | 'MERGEABLE'
  | 'UNKNOWN';

export type PullRequestReviewState =
  | 'APPROVED'
  | 'CHANGES_REQUESTED'
  | 'COMMENTED'
  | 'DISMISSED'
  | 'PENDING';

export type PullRequestState =
  | 'CLOSED'
  | 'MERGED'
  | 'OPEN';

export type ReactionContent =
  | 'CONFUSED'
  | 'EYES'
  | 'HEART'
  | 'HOORAY'
  | 'LAUGH'
  | 'ROCKET'
  | 'THUMBS_DOWN'
  | 'THUMBS_UP';

export type StatusState =
  | 'ERROR'
  | 'EXPECTED'
  | 'FAILURE'
  | 'PENDING'
  | 'SUCCESS';

export type LookIssueQueryVariables = Exact<{
  owner: string;
  name: string;
  number: number;
  branches: string;
  pulls: Array<string | number>;
  plan: Array<string | number>;
}>;


export type LookIssueQuery = { repository: { id: string, databaseId: number | null, name: string, isArchived: boolean, owner:
      | { login: string }
      | { login: string }
    , defaultBranchRef: { name: string, target:
        | { oid: string }
        | { oid: string }
        | { oid: string }
        | { oid: string }
       | null } | null, settings:
      | { text: string | null, isTruncated: boolean, kind: 'Blob' }
      | { kind: 'Commit' }
      | { kind: 'Tag' }
      | { kind: 'Tree' }
     | null, labels: RepositoryLabelsFragment | null, refs: RefsFragment | null, issueOrPullRequest:
      | (
        { kind: 'Issue' }
        & IssueFieldsFragment
      )
      | { headRefName: string, isCrossRepository: boolean, kind: 'PullRequest' }
     | null } | null, pulls: Array<
    | PullFieldsFragment
    | Record<PropertyKey, never>
   | null>, plan: Array<
    | PlanFieldsFragment
    | Record<PropertyKey, never>
   | null> };

export type PlanFieldsFragment = { id: string, kind: 'IssueComment', userContentEdits: EditsFragment | null, up: ReactionsFragment, down: ReactionsFragment };

export type ReactionsFragment = { nodes: Array<{ id: string, createdAt: string, user: Actor_User_Fragment | null } | null> | null, pageInfo: PageFragment };

export type RepositoryLabelsFragment = { nodes: Array<{ id: string, name: string } | null> | null, pageInfo: PageFragment };

export type RefsFragment = { nodes: Array<{ id: string, name: string, target:
      | { oid: string }
      | { oid: string }
      | { oid: string }
      | { oid: string }
     | null, associatedPullRequests: PullNamesFragment } | null> | null, pageInfo: PageFragment };

export type PullNamesFragment = { nodes: Array<{ id: string, isCrossRepository: boolean, headRefName: string, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null } | null> | null, pageInfo: PageFragment };

export type IssueFieldsFragment = { id: string, number: number, url: string, title: string, body: string, state: IssueState, createdAt: string, author:
    | Actor_Bot_Fragment
    | Actor_EnterpriseUserAccount_Fragment
    | Actor_Mannequin_Fragment
    | Actor_Organization_Fragment
    | Actor_User_Fragment
   | null, labels: IssueLabelsFragment | null, comments: CommentsFragment, timelineItems: IssueEventsFragment, userContentEdits: EditsFragment | null };

export type IssueLabelsFragment = { nodes: Array<{ name: string } | null> | null, pageInfo: PageFragment };

export type IssueEventsFragment = { nodes: Array<
    | { kind: 'AddedToProjectEvent' }
    | { kind: 'AssignedEvent' }
    | { id: string, createdAt: string, kind: 'ClosedEvent', actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
    | { kind: 'CommentDeletedEvent' }
    | { kind: 'ConnectedEvent' }
    | { kind: 'ConvertedNoteToIssueEvent' }
    | { kind: 'ConvertedToDiscussionEvent' }
    | { kind: 'CrossReferencedEvent' }
    | { kind: 'DemilestonedEvent' }
    | { kind: 'DisconnectedEvent' }
    | { kind: 'IssueComment' }
    | { id: string, createdAt: string, kind: 'LabeledEvent', actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null, label: { name: string } }
    | { kind: 'LockedEvent' }
    | { kind: 'MarkedAsDuplicateEvent' }
    | { kind: 'MentionedEvent' }
    | { kind: 'MilestonedEvent' }
    | { kind: 'MovedColumnsInProjectEvent' }
    | { kind: 'ParentIssueAddedEvent' }
    | { kind: 'ParentIssueRemovedEvent' }
    | { kind: 'PinnedEvent' }
    | { kind: 'ReferencedEvent' }
    | { kind: 'RemovedFromProjectEvent' }
    | { id: string, createdAt: string, previousTitle: string, currentTitle: string, kind: 'RenamedTitleEvent', actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
    | { id: string, createdAt: string, kind: 'ReopenedEvent', actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
    | { kind: 'SubIssueAddedEvent' }
    | { kind: 'SubIssueRemovedEvent' }
    | { kind: 'SubscribedEvent' }
    | { kind: 'TransferredEvent' }
    | { kind: 'UnassignedEvent' }
    | { id: string, createdAt: string, kind: 'UnlabeledEvent', actor:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null, label: { name: string } }
    | { kind: 'UnlockedEvent' }
    | { kind: 'UnmarkedAsDuplicateEvent' }
    | { kind: 'UnpinnedEvent' }
    | { kind: 'UnsubscribedEvent' }
    | { kind: 'UserBlockedEvent' }
   | null> | null, pageInfo: PageFragment };

export type EditsFragment = { nodes: Array<{ editedAt: string, deletedAt: string | null, diff: string | null, editor:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null } | null> | null, pageInfo: PageFragment };

export type LookPullsQueryVariables = Exact<{
  pulls: Array<string | number>;
}>;


export type LookPullsQuery = { pulls: Array<
    | PullFieldsFragment
    | Record<PropertyKey, never>
   | null> };

export type LookPlanQueryVariables = Exact<{
  plan: Array<string | number>;
}>;


export type LookPlanQuery = { plan: Array<
    | PlanFieldsFragment
    | Record<PropertyKey, never>
   | null> };

export type LookBranchQueryVariables = Exact<{
  repository: string | number;
  branch: string;
}>;


export type LookBranchQuery = { node:
    | { pullRequests: PullNamesFragment }
    | Record<PropertyKey, never>
   | null };

export type NextRefsQueryVariables = Exact<{
  id: string | number;
  branches: string;
  after?: string | null | undefined;
}>;


export type NextRefsQuery = { node:
    | { page: RefsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextRepositoryLabelsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextRepositoryLabelsQuery = { node:
    | { page: RepositoryLabelsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextPullNamesQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextPullNamesQuery = { node:
    | { page: PullNamesFragment }
    | Record<PropertyKey, never>
   | null };

export type NextIssueLabelsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextIssueLabelsQuery = { node:
    | { page: IssueLabelsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextIssueEventsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextIssueEventsQuery = { node:
    | { page: IssueEventsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextEditsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextEditsQuery = { node:
    | { page: EditsFragment | null }
    | { page: EditsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextReactionsQueryVariables = Exact<{
  id: string | number;
  content: ReactionContent;
  after?: string | null | undefined;
}>;


export type NextReactionsQuery = { node:
    | { page: ReactionsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextCommentsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextCommentsQuery = { node:
    | { page: CommentsFragment }
    | { page: CommentsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextContextsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextContextsQuery = { node:
    | { page: ContextsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextReviewsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextReviewsQuery = { node:
    | { page: ReviewsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type NextThreadsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextThreadsQuery = { node:
    | { page: ThreadsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextThreadCommentsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextThreadCommentsQuery = { node:
    | { page: ThreadCommentsFragment }
    | Record<PropertyKey, never>
   | null };

export type NextReviewRequestsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type NextReviewRequestsQuery = { node:
    | { page: ReviewRequestsFragment | null }
    | Record<PropertyKey, never>
   | null };

export type PullFieldsFragment = { id: string, number: number, url: string, title: string, body: string, headRefName: string, baseRefName: string, isCrossRepository: boolean, isDraft: boolean, state: PullRequestState, mergeable: MergeableState, createdAt: string, closedAt: string | null, mergedAt: string | null, kind: 'PullRequest', author:
    | Actor_Bot_Fragment
    | Actor_EnterpriseUserAccount_Fragment
    | Actor_Mannequin_Fragment
    | Actor_Organization_Fragment
    | Actor_User_Fragment
   | null, mergedBy:
    | Actor_Bot_Fragment
    | Actor_EnterpriseUserAccount_Fragment
    | Actor_Mannequin_Fragment
    | Actor_Organization_Fragment
    | Actor_User_Fragment
   | null, closings: { nodes: Array<
      | { kind: 'AddedToMergeQueueEvent' }
      | { kind: 'AddedToProjectEvent' }
      | { kind: 'AssignedEvent' }
      | { kind: 'AutoMergeDisabledEvent' }
      | { kind: 'AutoMergeEnabledEvent' }
      | { kind: 'AutoRebaseEnabledEvent' }
      | { kind: 'AutoSquashEnabledEvent' }
      | { kind: 'AutomaticBaseChangeFailedEvent' }
      | { kind: 'AutomaticBaseChangeSucceededEvent' }
      | { kind: 'BaseRefChangedEvent' }
      | { kind: 'BaseRefDeletedEvent' }
      | { kind: 'BaseRefForcePushedEvent' }
      | { createdAt: string, kind: 'ClosedEvent', actor:
          | Actor_Bot_Fragment
          | Actor_EnterpriseUserAccount_Fragment
          | Actor_Mannequin_Fragment
          | Actor_Organization_Fragment
          | Actor_User_Fragment
         | null }
      | { kind: 'CommentDeletedEvent' }
      | { kind: 'ConnectedEvent' }
      | { kind: 'ConvertToDraftEvent' }
      | { kind: 'ConvertedNoteToIssueEvent' }
      | { kind: 'ConvertedToDiscussionEvent' }
      | { kind: 'CrossReferencedEvent' }
      | { kind: 'DemilestonedEvent' }
      | { kind: 'DeployedEvent' }
      | { kind: 'DeploymentEnvironmentChangedEvent' }
      | { kind: 'DisconnectedEvent' }
      | { kind: 'HeadRefDeletedEvent' }
      | { kind: 'HeadRefForcePushedEvent' }
      | { kind: 'HeadRefRestoredEvent' }
      | { kind: 'IssueComment' }
      | { kind: 'LabeledEvent' }
      | { kind: 'LockedEvent' }
      | { kind: 'MarkedAsDuplicateEvent' }
      | { kind: 'MentionedEvent' }
      | { kind: 'MergedEvent' }
      | { kind: 'MilestonedEvent' }
      | { kind: 'MovedColumnsInProjectEvent' }
      | { kind: 'ParentIssueAddedEvent' }
      | { kind: 'ParentIssueRemovedEvent' }
      | { kind: 'PinnedEvent' }
      | { kind: 'PullRequestCommit' }
      | { kind: 'PullRequestCommitCommentThread' }
      | { kind: 'PullRequestReview' }
      | { kind: 'PullRequestReviewThread' }
      | { kind: 'PullRequestRevisionMarker' }
      | { kind: 'ReadyForReviewEvent' }
      | { kind: 'ReferencedEvent' }
      | { kind: 'RemovedFromMergeQueueEvent' }
      | { kind: 'RemovedFromProjectEvent' }
      | { kind: 'RenamedTitleEvent' }
      | { kind: 'ReopenedEvent' }
      | { kind: 'ReviewDismissedEvent' }
      | { kind: 'ReviewRequestRemovedEvent' }
      | { kind: 'ReviewRequestedEvent' }
      | { kind: 'SubIssueAddedEvent' }
      | { kind: 'SubIssueRemovedEvent' }
      | { kind: 'SubscribedEvent' }
      | { kind: 'TransferredEvent' }
      | { kind: 'UnassignedEvent' }
      | { kind: 'UnlabeledEvent' }
      | { kind: 'UnlockedEvent' }
      | { kind: 'UnmarkedAsDuplicateEvent' }
      | { kind: 'UnpinnedEvent' }
      | { kind: 'UnsubscribedEvent' }
      | { kind: 'UserBlockedEvent' }
     | null> | null }, commits: { nodes: Array<{ commit: { oid: string, committedDate: string, statusCheckRollup: { id: string, contexts: ContextsFragment } | null } } | null> | null }, comments: CommentsFragment, reviews: ReviewsFragment | null, reviewThreads: ThreadsFragment, reviewRequests: ReviewRequestsFragment | null };

export type ContextsFragment = { nodes: Array<
    | { databaseId: number | null, name: string, status: CheckStatusState, conclusion: CheckConclusionState | null, title: string | null, summary: string | null, text: string | null, detailsUrl: string | null, kind: 'CheckRun', checkSuite: { id: string, app: { slug: string } | null }, annotations: { totalCount: number, nodes: Array<{ path: string, message: string, location: { start: { line: number } } } | null> | null } | null }
    | { id: string, context: string, state: StatusState, description: string | null, targetUrl: string | null, kind: 'StatusContext', creator:
        | Actor_Bot_Fragment
        | Actor_EnterpriseUserAccount_Fragment
        | Actor_Mannequin_Fragment
        | Actor_Organization_Fragment
        | Actor_User_Fragment
       | null }
   | null> | null, pageInfo: PageFragment };

export type ReviewsFragment = { nodes: Array<{ fullDatabaseId: string | null, state: PullRequestReviewState, body: string, createdAt: string, submittedAt: string | null, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, comments: { totalCount: number } } | null> | null, pageInfo: PageFragment };

export type ThreadsFragment = { nodes: Array<{ id: string, isResolved: boolean, path: string, line: number | null, originalLine: number | null, comments: ThreadCommentsFragment } | null> | null, pageInfo: PageFragment };

export type ThreadCommentsFragment = { nodes: Array<{ id: string, fullDatabaseId: string | null, body: string, createdAt: string, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, editor:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, reactionGroups: Array<{ content: ReactionContent, viewerHasReacted: boolean }> | null, pullRequestReview: { fullDatabaseId: string | null } | null } | null> | null, pageInfo: PageFragment };

export type ReviewRequestsFragment = { nodes: Array<{ requestedReviewer:
      | { login: string, kind: 'Bot' }
      | { login: string, kind: 'Mannequin' }
      | { kind: 'Team' }
      | { login: string, kind: 'User' }
     | null } | null> | null, pageInfo: PageFragment };

export type PageFragment = { hasNextPage: boolean, endCursor: string | null };

type Actor_Bot_Fragment = { login: string, kind: 'Bot' };

type Actor_EnterpriseUserAccount_Fragment = { login: string, kind: 'EnterpriseUserAccount' };

type Actor_Mannequin_Fragment = { login: string, kind: 'Mannequin' };

type Actor_Organization_Fragment = { login: string, kind: 'Organization' };

type Actor_User_Fragment = { login: string, kind: 'User' };

export type ActorFragment =
  | Actor_Bot_Fragment
  | Actor_EnterpriseUserAccount_Fragment
  | Actor_Mannequin_Fragment
  | Actor_Organization_Fragment
  | Actor_User_Fragment
;

export type CommentsFragment = { nodes: Array<{ id: string, fullDatabaseId: string | null, body: string, createdAt: string, author:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, editor:
      | Actor_Bot_Fragment
      | Actor_EnterpriseUserAccount_Fragment
      | Actor_Mannequin_Fragment
      | Actor_Organization_Fragment
      | Actor_User_Fragment
     | null, reactionGroups: Array<{ content: ReactionContent, viewerHasReacted: boolean }> | null } | null> | null, pageInfo: PageFragment };

export type SweepQueryVariables = Exact<{
  owner: string;
  name: string;
  live: Array<string>;
  trigger: string;
  pullsAfter?: string | null | undefined;
  liveAfter?: string | null | undefined;
  askedAfter?: string | null | undefined;
}>;


export type SweepQuery = { repository: { settings:
      | { __typename: 'Blob', text: string | null }
      | { __typename: 'Commit' }
      | { __typename: 'Tag' }
      | { __typename: 'Tree' }
     | null, live: { nodes: Array<{ number: number, updatedAt: string } | null> | null, pageInfo: PageFragment }, asked: { nodes: Array<{ number: number, updatedAt: string } | null> | null, pageInfo: PageFragment }, pulls: { nodes: Array<{ updatedAt: string, headRefName: string, headRefOid: string, mergeable: MergeableState, reviewThreads: { totalCount: number }, commits: { nodes: Array<{ commit: { statusCheckRollup: { state: StatusState, contexts: { totalCount: number } } | null } } | null> | null } } | null> | null, pageInfo: PageFragment } } | null };

export type SweepPlansQueryVariables = Exact<{
  comments: Array<string | number>;
}>;


export type SweepPlansQuery = { nodes: Array<
    | { id: string, lastEditedAt: string | null, up: ThumbsFragment, down: ThumbsFragment }
    | Record<PropertyKey, never>
   | null> };

export type ThumbsFragment = { totalCount: number, nodes: Array<{ id: string } | null> | null };

export const LookIssueDocument = /* GraphQL */ `
query LookIssue($owner: String!, $name: String!, $number: Int!, $branches: String!, $pulls: [ID!]!, $plan: [ID!]!) {
  repository(owner: $owner, name: $name) {
    id
    databaseId
    name
    owner {
      login
    }
    isArchived
    defaultBranchRef {
      name
      target {
        oid
      }
    }
    settings: object(expression: "HEAD:.github/coxswain.yml") {
      kind: __typename
      ... on Blob {
        text
        isTruncated
      }
    }
    labels(first: 100, query: "agent:") {
      ...RepositoryLabels
    }
    refs(refPrefix: $branches, first: 100) {
      ...Refs
    }
    issueOrPullRequest(number: $number) {
      kind: __typename
      ... on Issue {
        ...IssueFields
      }
      ... on PullRequest {
        headRefName
        isCrossRepository
      }
    }
  }
  pulls: nodes(ids: $pulls) {
    ...PullFields
  }
  plan: nodes(ids: $plan) {
    ...PlanFields
  }
}
fragment RepositoryLabels on LabelConnection {
  nodes {
    id
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
fragment Refs on RefConnection {
  nodes {
    id
    name
    target {
      oid
    }
    associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
      ...PullNames
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment IssueFields on Issue {
  id
  number
  url
  title
  body
  state
  createdAt
  author {
    ...Actor
  }
  labels(first: 100) {
    ...IssueLabels
  }
  comments(first: 100) {
    ...Comments
  }
  timelineItems(
    first: 100
    itemTypes: [LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, RENAMED_TITLE_EVENT]
  ) {
    ...IssueEvents
  }
  userContentEdits(first: 100) {
    ...Edits
  }
}
fragment IssueLabels on LabelConnection {
  nodes {
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Comments on IssueCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
  }
  pageInfo {
    ...Page
  }
}
fragment IssueEvents on IssueTimelineItemsConnection {
  nodes {
    kind: __typename
    ... on LabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on UnlabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on ClosedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on ReopenedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on RenamedTitleEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      previousTitle
      currentTitle
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Edits on UserContentEditConnection {
  nodes {
    editedAt
    deletedAt
    diff
    editor {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PullFields on PullRequest {
  kind: __typename
  id
  number
  url
  title
  body
  headRefName
  baseRefName
  isCrossRepository
  isDraft
  state
  mergeable
  createdAt
  closedAt
  mergedAt
  author {
    ...Actor
  }
  mergedBy {
    ...Actor
  }
  closings: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {
    nodes {
      kind: __typename
      ... on ClosedEvent {
        createdAt
        actor {
          ...Actor
        }
      }
    }
  }
  commits(last: 1) {
    nodes {
      commit {
        oid
        committedDate
        statusCheckRollup {
          id
          contexts(first: 25) {
            ...Contexts
          }
        }
      }
    }
  }
  comments(first: 100) {
    ...Comments
  }
  reviews(first: 100) {
    ...Reviews
  }
  reviewThreads(first: 25) {
    ...Threads
  }
  reviewRequests(first: 100) {
    ...ReviewRequests
  }
}
fragment Contexts on StatusCheckRollupContextConnection {
  nodes {
    kind: __typename
    ... on CheckRun {
      databaseId
      name
      status
      conclusion
      title
      summary
      text
      detailsUrl
      checkSuite {
        id
        app {
          slug
        }
      }
      annotations(first: 20) {
        totalCount
        nodes {
          path
          message
          location {
            start {
              line
            }
          }
        }
      }
    }
    ... on StatusContext {
      id
      context
      state
      description
      targetUrl
      creator {
        ...Actor
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Reviews on PullRequestReviewConnection {
  nodes {
    fullDatabaseId
    state
    body
    createdAt
    submittedAt
    author {
      ...Actor
    }
    comments {
      totalCount
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Threads on PullRequestReviewThreadConnection {
  nodes {
    id
    isResolved
    path
    line
    originalLine
    comments(first: 30) {
      ...ThreadComments
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ReviewRequests on ReviewRequestConnection {
  nodes {
    requestedReviewer {
      kind: __typename
      ... on User {
        login
      }
      ... on Bot {
        login
      }
      ... on Mannequin {
        login
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PlanFields on IssueComment {
  kind: __typename
  id
  userContentEdits(first: 100) {
    ...Edits
  }
  up: reactions(first: 100, content: THUMBS_UP) {
    ...Reactions
  }
  down: reactions(first: 100, content: THUMBS_DOWN) {
    ...Reactions
  }
}
fragment Reactions on ReactionConnection {
  nodes {
    id
    createdAt
    user {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
`;

export const LookPullsDocument = /* GraphQL */ `
query LookPulls($pulls: [ID!]!) {
  pulls: nodes(ids: $pulls) {
    ...PullFields
  }
}
fragment PullFields on PullRequest {
  kind: __typename
  id
  number
  url
  title
  body
  headRefName
  baseRefName
  isCrossRepository
  isDraft
  state
  mergeable
  createdAt
  closedAt
  mergedAt
  author {
    ...Actor
  }
  mergedBy {
    ...Actor
  }
  closings: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) {
    nodes {
      kind: __typename
      ... on ClosedEvent {
        createdAt
        actor {
          ...Actor
        }
      }
    }
  }
  commits(last: 1) {
    nodes {
      commit {
        oid
        committedDate
        statusCheckRollup {
          id
          contexts(first: 25) {
            ...Contexts
          }
        }
      }
    }
  }
  comments(first: 100) {
    ...Comments
  }
  reviews(first: 100) {
    ...Reviews
  }
  reviewThreads(first: 25) {
    ...Threads
  }
  reviewRequests(first: 100) {
    ...ReviewRequests
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Contexts on StatusCheckRollupContextConnection {
  nodes {
    kind: __typename
    ... on CheckRun {
      databaseId
      name
      status
      conclusion
      title
      summary
      text
      detailsUrl
      checkSuite {
        id
        app {
          slug
        }
      }
      annotations(first: 20) {
        totalCount
        nodes {
          path
          message
          location {
            start {
              line
            }
          }
        }
      }
    }
    ... on StatusContext {
      id
      context
      state
      description
      targetUrl
      creator {
        ...Actor
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
fragment Comments on IssueCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Reviews on PullRequestReviewConnection {
  nodes {
    fullDatabaseId
    state
    body
    createdAt
    submittedAt
    author {
      ...Actor
    }
    comments {
      totalCount
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Threads on PullRequestReviewThreadConnection {
  nodes {
    id
    isResolved
    path
    line
    originalLine
    comments(first: 30) {
      ...ThreadComments
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ReviewRequests on ReviewRequestConnection {
  nodes {
    requestedReviewer {
      kind: __typename
      ... on User {
        login
      }
      ... on Bot {
        login
      }
      ... on Mannequin {
        login
      }
    }
  }
  pageInfo {
    ...Page
  }
}
`;

export const LookPlanDocument = /* GraphQL */ `
query LookPlan($plan: [ID!]!) {
  plan: nodes(ids: $plan) {
    ...PlanFields
  }
}
fragment PlanFields on IssueComment {
  kind: __typename
  id
  userContentEdits(first: 100) {
    ...Edits
  }
  up: reactions(first: 100, content: THUMBS_UP) {
    ...Reactions
  }
  down: reactions(first: 100, content: THUMBS_DOWN) {
    ...Reactions
  }
}
fragment Edits on UserContentEditConnection {
  nodes {
    editedAt
    deletedAt
    diff
    editor {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
fragment Reactions on ReactionConnection {
  nodes {
    id
    createdAt
    user {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
`;

export const LookBranchDocument = /* GraphQL */ `
query LookBranch($repository: ID!, $branch: String!) {
  node(id: $repository) {
    ... on Repository {
      pullRequests(
        headRefName: $branch
        first: 10
        orderBy: {field: CREATED_AT, direction: DESC}
      ) {
        ...PullNames
      }
    }
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextRefsDocument = /* GraphQL */ `
query NextRefs($id: ID!, $branches: String!, $after: String) {
  node(id: $id) {
    ... on Repository {
      page: refs(refPrefix: $branches, first: 100, after: $after) {
        ...Refs
      }
    }
  }
}
fragment Refs on RefConnection {
  nodes {
    id
    name
    target {
      oid
    }
    associatedPullRequests(first: 10, orderBy: {field: CREATED_AT, direction: DESC}) {
      ...PullNames
    }
  }
  pageInfo {
    ...Page
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextRepositoryLabelsDocument = /* GraphQL */ `
query NextRepositoryLabels($id: ID!, $after: String) {
  node(id: $id) {
    ... on Repository {
      page: labels(first: 100, query: "agent:", after: $after) {
        ...RepositoryLabels
      }
    }
  }
}
fragment RepositoryLabels on LabelConnection {
  nodes {
    id
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextPullNamesDocument = /* GraphQL */ `
query NextPullNames($id: ID!, $after: String) {
  node(id: $id) {
    ... on Ref {
      page: associatedPullRequests(
        first: 100
        orderBy: {field: CREATED_AT, direction: DESC}
        after: $after
      ) {
        ...PullNames
      }
    }
  }
}
fragment PullNames on PullRequestConnection {
  nodes {
    id
    isCrossRepository
    headRefName
    author {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextIssueLabelsDocument = /* GraphQL */ `
query NextIssueLabels($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: labels(first: 100, after: $after) {
        ...IssueLabels
      }
    }
  }
}
fragment IssueLabels on LabelConnection {
  nodes {
    name
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextIssueEventsDocument = /* GraphQL */ `
query NextIssueEvents($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: timelineItems(
        first: 100
        itemTypes: [LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, RENAMED_TITLE_EVENT]
        after: $after
      ) {
        ...IssueEvents
      }
    }
  }
}
fragment IssueEvents on IssueTimelineItemsConnection {
  nodes {
    kind: __typename
    ... on LabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on UnlabeledEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      label {
        name
      }
    }
    ... on ClosedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on ReopenedEvent {
      id
      createdAt
      actor {
        ...Actor
      }
    }
    ... on RenamedTitleEvent {
      id
      createdAt
      actor {
        ...Actor
      }
      previousTitle
      currentTitle
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextEditsDocument = /* GraphQL */ `
query NextEdits($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: userContentEdits(first: 100, after: $after) {
        ...Edits
      }
    }
    ... on IssueComment {
      page: userContentEdits(first: 100, after: $after) {
        ...Edits
      }
    }
  }
}
fragment Edits on UserContentEditConnection {
  nodes {
    editedAt
    deletedAt
    diff
    editor {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextReactionsDocument = /* GraphQL */ `
query NextReactions($id: ID!, $content: ReactionContent!, $after: String) {
  node(id: $id) {
    ... on IssueComment {
      page: reactions(first: 100, content: $content, after: $after) {
        ...Reactions
      }
    }
  }
}
fragment Reactions on ReactionConnection {
  nodes {
    id
    createdAt
    user {
      ...Actor
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextCommentsDocument = /* GraphQL */ `
query NextComments($id: ID!, $after: String) {
  node(id: $id) {
    ... on Issue {
      page: comments(first: 100, after: $after) {
        ...Comments
      }
    }
    ... on PullRequest {
      page: comments(first: 100, after: $after) {
        ...Comments
      }
    }
  }
}
fragment Comments on IssueCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextContextsDocument = /* GraphQL */ `
query NextContexts($id: ID!, $after: String) {
  node(id: $id) {
    ... on StatusCheckRollup {
      page: contexts(first: 100, after: $after) {
        ...Contexts
      }
    }
  }
}
fragment Contexts on StatusCheckRollupContextConnection {
  nodes {
    kind: __typename
    ... on CheckRun {
      databaseId
      name
      status
      conclusion
      title
      summary
      text
      detailsUrl
      checkSuite {
        id
        app {
          slug
        }
      }
      annotations(first: 20) {
        totalCount
        nodes {
          path
          message
          location {
            start {
              line
            }
          }
        }
      }
    }
    ... on StatusContext {
      id
      context
      state
      description
      targetUrl
      creator {
        ...Actor
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextReviewsDocument = /* GraphQL */ `
query NextReviews($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequest {
      page: reviews(first: 100, after: $after) {
        ...Reviews
      }
    }
  }
}
fragment Reviews on PullRequestReviewConnection {
  nodes {
    fullDatabaseId
    state
    body
    createdAt
    submittedAt
    author {
      ...Actor
    }
    comments {
      totalCount
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextThreadsDocument = /* GraphQL */ `
query NextThreads($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequest {
      page: reviewThreads(first: 50, after: $after) {
        ...Threads
      }
    }
  }
}
fragment Threads on PullRequestReviewThreadConnection {
  nodes {
    id
    isResolved
    path
    line
    originalLine
    comments(first: 30) {
      ...ThreadComments
    }
  }
  pageInfo {
    ...Page
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextThreadCommentsDocument = /* GraphQL */ `
query NextThreadComments($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequestReviewThread {
      page: comments(first: 100, after: $after) {
        ...ThreadComments
      }
    }
  }
}
fragment ThreadComments on PullRequestReviewCommentConnection {
  nodes {
    id
    fullDatabaseId
    body
    createdAt
    author {
      ...Actor
    }
    editor {
      ...Actor
    }
    reactionGroups {
      content
      viewerHasReacted
    }
    pullRequestReview {
      fullDatabaseId
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Actor on Actor {
  kind: __typename
  login
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const NextReviewRequestsDocument = /* GraphQL */ `
query NextReviewRequests($id: ID!, $after: String) {
  node(id: $id) {
    ... on PullRequest {
      page: reviewRequests(first: 100, after: $after) {
        ...ReviewRequests
      }
    }
  }
}
fragment ReviewRequests on ReviewRequestConnection {
  nodes {
    requestedReviewer {
      kind: __typename
      ... on User {
        login
      }
      ... on Bot {
        login
      }
      ... on Mannequin {
        login
      }
    }
  }
  pageInfo {
    ...Page
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const SweepDocument = /* GraphQL */ `
query Sweep($owner: String!, $name: String!, $live: [String!]!, $trigger: String!, $pullsAfter: String, $liveAfter: String, $askedAfter: String) {
  repository(owner: $owner, name: $name) {
    settings: object(expression: "HEAD:.github/coxswain.yml") {
      __typename
      ... on Blob {
        text
      }
    }
    live: issues(first: 100, after: $liveAfter, labels: $live) {
      nodes {
        number
        updatedAt
      }
      pageInfo {
        ...Page
      }
    }
    asked: issues(
      first: 100
      after: $askedAfter
      labels: [$trigger]
      states: [OPEN]
    ) {
      nodes {
        number
        updatedAt
      }
      pageInfo {
        ...Page
      }
    }
    pulls: pullRequests(first: 100, after: $pullsAfter, states: [OPEN]) {
      nodes {
        updatedAt
        headRefName
        headRefOid
        mergeable
        reviewThreads {
          totalCount
        }
        commits(last: 1) {
          nodes {
            commit {
              statusCheckRollup {
                state
                contexts {
                  totalCount
                }
              }
            }
          }
        }
      }
      pageInfo {
        ...Page
      }
    }
  }
}
fragment Page on PageInfo {
  hasNextPage
  endCursor
}
`;

export const SweepPlansDocument = /* GraphQL */ `
query SweepPlans($comments: [ID!]!) {
  nodes(ids: $comments) {
    ... on IssueComment {
      id
      lastEditedAt
      up: reactions(last: 1, content: THUMBS_UP) {
        ...Thumbs
      }
      down: reactions(last: 1, content: THUMBS_DOWN) {
        ...Thumbs
      }
    }
  }
}
fragment Thumbs on ReactionConnection {
  totalCount
  nodes {
    id
  }
}
`;

