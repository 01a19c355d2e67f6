#!/bin/sh
# Makes the namespace and what appointments and openings can be searched by. Does nothing where they are there.
set -eu

# Shorter than the 30 days for which an Idempotency-Key is remembered: a key must outlive the workflow that it led to.
retention=14d

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$retention"

# The server knows a new namespace a moment after it was made.
until known=$(temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" 2> /dev/null); do sleep 1; done

for attribute in ClinicId=Keyword ProviderId=Keyword AppointmentStatus=Keyword OpeningStatus=Keyword PatientRef=Keyword \
  StartsAt=Datetime; do
  name=${attribute%=*}
  echo "$known" | grep -qw "$name" ||
    temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute#*=}"
done

# And a new attribute some seconds later: until then it would refuse to start an appointment.
searched='StartsAt < "2000-01-01T00:00:00Z" OR OpeningStatus = "offering"'
until temporal workflow count --namespace "$TEMPORAL_NAMESPACE" --query "$searched" > /dev/null 2>&1
do sleep 1; done
